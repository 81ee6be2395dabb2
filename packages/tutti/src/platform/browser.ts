import { StorageUnavailableError } from '../errors/errors.ts'
import type { Channels, Clock, HeldLock, Locks, Platform, Random } from './platform.ts'

/** What a page or a worker of a browser has, as far as Tutti's cluster needs it. */
export interface BrowserScope {
  readonly navigator: { readonly locks: Pick<LockManager, 'request' | 'query'> }
  readonly BroadcastChannel: typeof BroadcastChannel
  readonly MessageChannel: typeof MessageChannel
  readonly performance: Pick<Performance, 'now'>
  readonly Date: Pick<DateConstructor, 'now'>
  readonly crypto: Pick<Crypto, 'getRandomValues'>
  setTimeout(callback: () => void, ms: number): number
  clearTimeout(timer: number): void
}

const NEEDED = ['BroadcastChannel', 'MessageChannel', 'crypto', 'performance'] as const

/** The longest that `setTimeout` knows; past it, it fires at once. */
const LONGEST_TIMER = 2 ** 31 - 1

/**
 * The platform that a browser is. Only here do locks, channels, clocks and randomness become real.
 *
 * @throws {StorageUnavailableError} where one of them is missing: without it tabs could not know of
 * each other, and each would think that it is alone with the file.
 */
export function createBrowserPlatform(scope: BrowserScope = globalThis): Platform {
  const missing: string[] = NEEDED.filter((name) => scope[name] === undefined)
  if (scope.navigator?.locks === undefined) missing.unshift('navigator.locks')
  if (missing.length > 0) {
    throw new StorageUnavailableError(
      `This browser has no ${missing.join(', ')} here. Serve the page over https or from localhost, in a browser that has Web Locks and BroadcastChannel.`,
    )
  }
  return {
    locks: browserLocks(scope),
    channels: browserChannels(scope),
    clock: browserClock(scope),
    random: browserRandom(scope),
  }
}

/**
 * A Web Lock is held for as long as the promise that its callback returned is pending. When it is
 * stolen, or dropped with a page that enters the back/forward cache, the request's own promise rejects.
 */
export function browserLocks({ navigator }: Pick<BrowserScope, 'navigator'>): Locks {
  const acquire = (name: string, options: LockOptions): Promise<HeldLock | undefined> =>
    new Promise((resolve, reject) => {
      let lose: (() => void) | undefined
      const ended = navigator.locks.request(name, options, (lock) => {
        if (lock === null) return resolve(undefined)
        const lost = new Promise<void>((settle) => {
          lose = settle
        })
        return new Promise<void>((release) => resolve({ lost, release }))
      })
      ended.catch((error: unknown) => (lose === undefined ? reject(error) : lose()))
    })

  return {
    async request(name, { signal, steal = false, shared = false } = {}) {
      // The platform refuses `steal` together with a signal; and there is nothing to wait for.
      signal?.throwIfAborted()
      const waiting: LockOptions = { mode: shared ? 'shared' : 'exclusive', ...(signal && { signal }) }
      const lock = await acquire(name, steal ? { steal } : waiting)
      if (lock === undefined) throw new Error(`the browser denied ${name} to one who waits`)
      return lock
    },
    tryRequest: (name) => acquire(name, { ifAvailable: true }),
    async held(prefix) {
      const { held = [] } = await navigator.locks.query()
      return held.flatMap(({ name, mode }) =>
        name?.startsWith(prefix) === true && mode !== 'shared' ? [name] : [],
      )
    },
  }
}

function browserChannels(scope: BrowserScope): Channels {
  return {
    open<Message>(name: string, onMessage?: (message: Message) => void) {
      const channel = new scope.BroadcastChannel(name)
      if (onMessage !== undefined) channel.onmessage = ({ data }) => onMessage(data as Message)
      return {
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is a window's; a channel has none
        post: (message: Message) => channel.postMessage(message),
        close: () => channel.close(),
      }
    },
  }
}

function browserClock(scope: BrowserScope): Clock {
  return {
    mono: () => scope.performance.now(),
    wall: () => scope.Date.now(),
    after(ms, callback) {
      const timer = scope.setTimeout(callback, Math.min(ms, LONGEST_TIMER))
      return { cancel: () => scope.clearTimeout(timer) }
    },
    turn: createTurn(scope),
  }
}

/**
 * One message to oneself does not queue behind all that arrived while the thread was busy: Chromium
 * hands what waits in each channel's pipe over in batches, a task each. Measured after a busy loop of
 * 150 ms with 7 and 61 messages from two workers: one hop overtook 5 of 7, two hops up to 29 of 61,
 * four none. In Firefox 153 one hop overtook all of 8 in one of ten tries, two none; in WebKitGTK 2.50 one none.
 */
const HOPS_OF_A_TURN = 4

/**
 * Messages to oneself, because a timer would be clamped to 4 ms when turns follow each other. One pair
 * of ports serves all turns: Firefox goes through another process to make one.
 */
function createTurn(scope: BrowserScope): () => Promise<void> {
  const waiting: (() => void)[] = []
  let ping: MessagePort | undefined
  const open = () => {
    const { port1, port2 } = new scope.MessageChannel()
    port1.onmessage = () => waiting.shift()?.()
    return port2
  }
  return async () => {
    ping ??= open()
    for (let hop = 0; hop < HOPS_OF_A_TURN; hop++) {
      const sender = ping
      await new Promise<void>((resolve) => {
        waiting.push(resolve)
        sender.postMessage(null, [])
      })
    }
  }
}

function browserRandom({ crypto }: BrowserScope): Random {
  return {
    id() {
      const bytes = crypto.getRandomValues(new Uint8Array(16))
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
    },
    number() {
      const [word = 0] = crypto.getRandomValues(new Uint32Array(1))
      return word / 2 ** 32
    },
  }
}
