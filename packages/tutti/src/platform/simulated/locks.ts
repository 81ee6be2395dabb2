import type { HeldLock, Locks } from '../platform.ts'
import type { SimulatedContext } from './context.ts'
import type { Simulation } from './simulation.ts'
import { Stream } from './stream.ts'

/** One request for one lock, waiting, granted or over. */
interface Claim {
  readonly context: SimulatedContext
  readonly name: string
  readonly shared: boolean
  /** These run in the claim's own context, in the order in which the browser sent them. */
  readonly granted: () => void
  readonly denied: () => void
  readonly lost: () => void
}

interface Queue {
  /** Who holds it exclusively. */
  holder: Claim | null
  readonly sharers: Set<Claim>
  readonly waiting: Claim[]
}

type Manner = 'wait' | 'steal' | 'try'

/**
 * The browser's side of Web Locks. Contexts talk to it by messages that take time, in order for each
 * context; so a lock is often free, held or lost before anybody knows.
 */
export class LockManager {
  readonly #world: Simulation
  readonly #queues = new Map<string, Queue>()
  readonly #notices = new Map<SimulatedContext, Stream>()

  constructor(world: Simulation) {
    this.#world = world
  }

  /** Names of the exclusively held locks that start with `prefix`, sorted, as the browser knows them now. */
  held(prefix = ''): readonly string[] {
    const names = [...this.#queues].filter(([name, { holder }]) => holder !== null && name.startsWith(prefix))
    return names.map(([name]) => name).toSorted()
  }

  /** The label of the context that holds `name` exclusively. */
  holder(name: string): string | undefined {
    return this.#queues.get(name)?.holder?.context.name
  }

  forContext(context: SimulatedContext): Locks {
    const toBrowser = new Stream(this.#world)
    const send = (what: string, run: () => void) => {
      if (!context.alive) return
      const at = context.now
      toBrowser.add({
        due: at + context.prng.delay(this.#world.options.lockLatency),
        context: null,
        what: `${what} from ${context.name}`,
        valid: () => at <= context.diedAt,
        run,
      })
    }
    const claim = (name: string, manner: Manner, signal?: AbortSignal, shared = false) =>
      new Promise<HeldLock | undefined>((resolve, reject) => {
        let settled = false
        let lose: () => void = () => {}
        const lost = new Promise<void>((lostResolve) => {
          lose = lostResolve
        })
        const settle = (end: () => void) => {
          if (settled) return
          settled = true
          signal?.removeEventListener('abort', onAbort)
          end()
        }
        const onAbort = () =>
          settle(() => {
            reject(signal?.reason)
            send(`withdraw ${name}`, () => this.#release(mine))
          })
        let released = false
        const release = () => {
          if (released) return
          released = true
          send(`release ${name}`, () => this.#release(mine))
        }
        const mine: Claim = {
          context,
          name,
          shared,
          granted: () => settle(() => resolve({ lost, release })),
          denied: () => settle(() => resolve(undefined)),
          lost: () => {
            if (!settled) settle(() => reject(new DOMException(`lock ${name} was dropped`, 'AbortError')))
            else if (!released) lose()
          },
        }
        if (signal?.aborted === true) return reject(signal.reason)
        signal?.addEventListener('abort', onAbort)
        send(`${manner} ${name}`, () => this.#claim(mine, manner))
      })

    return {
      request: async (name, { signal, steal = false, shared = false } = {}) => {
        const lock = await claim(name, steal ? 'steal' : 'wait', signal, shared)
        if (lock === undefined) throw new Error(`lock ${name} was denied to one who waits`)
        return lock
      },
      tryRequest: (name) => claim(name, 'try'),
      held: (prefix) =>
        new Promise((resolve) => {
          send(`query ${prefix}`, () => {
            const names = this.held(prefix)
            this.#notify(context, `locks ${names.length}`, () => resolve(names))
          })
        }),
    }
  }

  /** The browser learns of a death late; only then does it pass on what the dead one held. */
  contextDied(context: SimulatedContext): void {
    const delay = this.#world.prng.delay(this.#world.options.lateRelease)
    this.#world.schedule({
      due: this.#world.now + delay,
      context: null,
      what: `locks of ${context.name} fall`,
      run: () => this.#dropAll(context, () => {}),
    })
  }

  /** Takes everything from a living context, as WebKit does to a page that it caches. */
  drop(context: SimulatedContext): void {
    this.#dropAll(context, (claim) => this.#notify(context, `lost ${claim.name}`, claim.lost))
  }

  #claim(claim: Claim, manner: Manner): void {
    if (!claim.context.alive) return
    const queue = this.#queue(claim.name)
    if (manner === 'try' && (queue.holder !== null || queue.sharers.size + queue.waiting.length > 0)) {
      this.#notify(claim.context, `denied ${claim.name}`, claim.denied)
      return
    }
    if (manner === 'steal') {
      for (const robbed of [queue.holder, ...queue.sharers])
        if (robbed !== null) this.#notify(robbed.context, `lost ${claim.name}`, robbed.lost)
      queue.holder = null
      queue.sharers.clear()
      queue.waiting.unshift(claim)
    } else {
      queue.waiting.push(claim)
    }
    this.#grantNext(claim.name)
  }

  #release(claim: Claim): void {
    const queue = this.#queue(claim.name)
    const index = queue.waiting.indexOf(claim)
    if (index >= 0) queue.waiting.splice(index, 1)
    if (queue.holder === claim) queue.holder = null
    queue.sharers.delete(claim)
    this.#grantNext(claim.name)
  }

  #dropAll(context: SimulatedContext, dropped: (claim: Claim) => void): void {
    for (const [name, queue] of Array.from(this.#queues)) {
      const claims = [queue.holder, ...queue.sharers, ...queue.waiting].filter(
        (claim) => claim?.context === context,
      )
      for (const claim of claims) {
        if (claim === null) continue
        dropped(claim)
        this.#release(claim)
      }
      this.#grantNext(name)
    }
  }

  #grantNext(name: string): void {
    const queue = this.#queue(name)
    while (queue.holder === null) {
      const [next] = queue.waiting
      if (next === undefined) {
        if (queue.sharers.size === 0) this.#queues.delete(name)
        return
      }
      if (!next.shared && queue.sharers.size > 0) return
      queue.waiting.shift()
      if (next.shared) queue.sharers.add(next)
      else queue.holder = next
      this.#notify(next.context, `granted ${name}`, next.granted)
    }
  }

  #queue(name: string): Queue {
    let queue = this.#queues.get(name)
    if (queue === undefined) {
      queue = { holder: null, sharers: new Set(), waiting: [] }
      this.#queues.set(name, queue)
    }
    return queue
  }

  #notify(context: SimulatedContext, what: string, run: () => void): void {
    let stream = this.#notices.get(context)
    if (stream === undefined) {
      stream = new Stream(this.#world)
      this.#notices.set(context, stream)
    }
    stream.add({
      due: this.#world.now + context.prng.delay(this.#world.options.lockLatency),
      context,
      what,
      run,
    })
  }
}
