import { afterEach, describe, expect, test, vi } from 'vitest'
import { StorageUnavailableError } from '../errors/errors.ts'
import { type BrowserScope, createBrowserPlatform } from './browser.ts'
import type { Channel } from './platform.ts'

type Granted = (lock: Lock | null) => unknown

/** Web Locks for one tab, after the standard; Node 20 has none. */
class FakeLocks {
  readonly requests: { name: string; options: LockOptions }[] = []
  readonly #holders = new Map<string, { steal: () => void; end: Promise<unknown> }>()

  readonly request = async (name: string, options: LockOptions, granted: Granted): Promise<unknown> => {
    this.requests.push({ name, options })
    options.signal?.throwIfAborted()
    if (options.steal === true) this.#holders.get(name)?.steal()
    const before = this.#holders.get(name)
    if (before !== undefined && options.ifAvailable === true) return granted(null)
    if (before !== undefined) {
      await Promise.race([
        before.end,
        new Promise((_, reject) => {
          options.signal?.addEventListener('abort', () => reject(options.signal?.reason as Error))
        }),
      ])
    }
    const held = Promise.resolve(granted({ name, mode: 'exclusive' }))
    return new Promise((resolve, reject) => {
      const steal = () => {
        this.#holders.delete(name)
        reject(new DOMException('stolen', 'AbortError'))
      }
      const end = held.then(() => this.#holders.delete(name))
      this.#holders.set(name, { steal, end })
      void end.then(resolve)
    })
  }

  readonly query = async () => ({ held: [...this.#holders.keys()].map((name) => ({ name })), pending: [] })
}

function platform(changes: Record<string, unknown> = {}) {
  const locks = new FakeLocks()
  const scope = {
    navigator: { locks },
    BroadcastChannel,
    MessageChannel,
    performance,
    Date,
    crypto,
    setTimeout: vi.fn<(callback: () => void, ms: number) => number>(() => 7),
    clearTimeout: vi.fn<(timer: number) => void>(),
    ...changes,
  }
  return { ...createBrowserPlatform(scope as unknown as BrowserScope), fake: locks, scope }
}

const settled = async (promise: Promise<unknown>) => {
  const pending = Symbol('pending')
  await new Promise((resolve) => setImmediate(resolve))
  return (await Promise.race([promise.then(() => 'settled'), Promise.resolve(pending)])) !== pending
}

describe('locks of a browser', () => {
  test('are held until they are released, and then not reported as lost', async () => {
    const { locks } = platform()
    const first = await locks.request('a/x')
    await locks.request('b/y')
    expect(await locks.held('a/')).toEqual(['a/x'])
    const second = locks.request('a/x')
    expect(await settled(second)).toBe(false)
    first.release()
    await second
    expect(await settled(first.lost)).toBe(false)
  })

  test('tell the holder when they are stolen, whose later release harms nobody', async () => {
    const { locks } = platform()
    const robbed = await locks.request('x')
    const thief = await locks.request('x', { steal: true })
    await robbed.lost
    robbed.release()
    expect(await locks.tryRequest('x')).toBeUndefined()
    expect(await settled(thief.lost)).toBe(false)
  })

  test('reject with the reason of the signal, which is never given together with steal', async () => {
    const { locks, fake } = platform()
    await locks.request('x')
    const controller = new AbortController()
    const waiting = locks.request('x', { signal: controller.signal })
    controller.abort(new Error('enough'))
    await expect(waiting).rejects.toThrow('enough')
    await expect(locks.request('x', { steal: true, signal: controller.signal })).rejects.toThrow('enough')
    await locks.request('x', { steal: true, signal: new AbortController().signal })
    expect(fake.requests.at(-1)?.options).toEqual({ steal: true })
  })

  test('are asked for as shared where one holder must not keep out another', async () => {
    const { locks, fake } = platform()
    await locks.request('x', { shared: true })
    await locks.request('y')
    expect(fake.requests.map(({ options }) => options)).toEqual([{ mode: 'shared' }, { mode: 'exclusive' }])
  })

  test('tryRequest gives the lock or undefined', async () => {
    const { locks } = platform()
    const lock = await locks.tryRequest('x')
    expect(await locks.tryRequest('x')).toBeUndefined()
    lock?.release()
    await new Promise((resolve) => setImmediate(resolve))
    expect(await locks.tryRequest('x')).toBeDefined()
  })
})

describe('channels of a browser', () => {
  const open: Channel<unknown>[] = []
  afterEach(() => {
    for (const channel of open.splice(0)) channel.close()
  })

  test('carry copies to every other channel of the name', async () => {
    const { channels } = platform()
    const heard = new Promise((resolve) => open.push(channels.open('tutti-test', resolve)))
    const sender = channels.open<unknown>('tutti-test', () => expect.unreachable('heard itself'))
    open.push(sender)
    const message = { type: 'hello', bytes: new Uint8Array([1, 2]) }
    sender.post(message)
    expect(await heard).toEqual(message)
  })
})

describe('clock and randomness of a browser', () => {
  test('a timer can be cancelled, and one too long for the browser does not fire at once', () => {
    const { clock, scope } = platform()
    const callback = () => {}
    clock.after(2 ** 40, callback).cancel()
    expect(scope.setTimeout).toHaveBeenCalledWith(callback, 2 ** 31 - 1)
    expect(scope.clearTimeout).toHaveBeenCalledWith(7)
  })

  test('mono and wall are the two clocks of the scope', () => {
    const { clock } = platform({ performance: { now: () => 12.5 }, Date: { now: () => 1_700_000_000_000 } })
    expect([clock.mono(), clock.wall()]).toEqual([12.5, 1_700_000_000_000])
  })

  test('turns come in the order in which they were asked for, after what is already queued', async () => {
    const ports: MessagePort[] = []
    class TrackedChannel extends MessageChannel {
      constructor() {
        super()
        ports.push(this.port1)
      }
    }
    const { clock } = platform({ MessageChannel: TrackedChannel })
    const order: number[] = []
    await Promise.all([0, 1, 2].map((n) => clock.turn().then(() => order.push(n))))
    expect(order).toEqual([0, 1, 2])
    expect(ports).toHaveLength(1)
    for (const port of ports) port.close()
  })

  test('an id is 128 bits in hexadecimal digits, a number lies in [0, 1)', () => {
    const { random } = platform()
    const ids = new Set(Array.from({ length: 50 }, () => random.id()))
    expect(ids.size).toBe(50)
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{32}$/)
    const largest = platform({
      crypto: { getRandomValues: <T extends Uint32Array>(array: T): T => array.fill(0xffffffff) },
    })
    expect(largest.random.number()).toBeLessThan(1)
  })
})

test('a browser without Web Locks is refused with a typed error that names them', () => {
  expect(() => platform({ navigator: {} })).toThrow(StorageUnavailableError)
  expect(() => platform({ navigator: {}, BroadcastChannel: undefined })).toThrow(
    /navigator\.locks, BroadcastChannel/,
  )
})
