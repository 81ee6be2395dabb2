import { describe, expect, test } from 'vitest'
import { LEASE } from '../cluster/lease.ts'
import { StaleReadError } from '../errors/errors.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { Feed } from './feed.ts'
import { Reads } from './reads.ts'
import { READ_TIMEOUT, STALE_AFTER } from './requests.ts'
import { FakeReplica } from './testing/fake-replica.ts'

const CALL = { op: 'statement', sql: 'select 1', rows: 'all' } as const
const LIMITS = { timeout: 1000, cancelled: () => false }

interface Given {
  stale?: 'error' | 'allow'
  primary?: boolean
  onRead?: () => void
}

function reading({ stale = 'error', primary = true, onRead = () => undefined }: Given = {}) {
  const clock = new ManualClock()
  const asked: number[] = []
  let heardAt = clock.mono()
  const feed = { mode: 'live', readable: true, position: { incarnation: 'i', epoch: 1, version: 5 } }
  const reads = new Reads({
    clock,
    feed: feed as unknown as Feed,
    replica: new FakeReplica(),
    stale,
    onRead,
    onDamaged: () => undefined,
    silence: () => clock.mono() - heardAt,
    ask: (at) => {
      asked.push(at)
      return primary
    },
  })
  const lend = () => {
    const now = clock.mono()
    const until = { mono: now + LEASE, wall: clock.wall() + LEASE }
    reads.granted({ type: 'lease', epoch: 1, asked: now, now, version: 5, stable: 5, until })
  }
  const hear = () => {
    heardAt = clock.mono()
  }
  return { clock, reads, asked, feed, lend, hear }
}

/** What was resolved has gone on. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 10; turns++) await Promise.resolve()
}

describe('R10 R12 a read', () => {
  test('is served under a lease without asking anybody', async () => {
    const { reads, asked, lend } = reading()
    lend()
    expect((await reads.read(CALL, LIMITS)).kind).toBe('rows')
    expect(asked).toEqual([])
  })

  test('lets what the page is told go first', async () => {
    let waits = true
    const { reads, lend } = reading({ onRead: () => (waits = false) })
    lend()
    await reads.mayRead()
    expect(waits).toBe(true)
    reads.readNow(CALL, LIMITS)
    expect(waits).toBe(false)
  })

  test('whose lease has ended asks once, and is served when the answer comes', async () => {
    const { reads, asked, lend } = reading()
    const two = Promise.all([reads.read(CALL, LIMITS), reads.read(CALL, LIMITS)])
    expect(asked).toHaveLength(1)
    lend()
    expect((await two).map(({ kind }) => kind)).toEqual(['rows', 'rows'])
  })

  test('renews a lease that is half over, and an idle tab asks nothing', async () => {
    const { clock, reads, asked, lend } = reading()
    lend()
    clock.pass(LEASE / 2 + 1)
    expect(asked).toEqual([])
    await reads.read(CALL, LIMITS)
    expect(asked).toHaveLength(1)
  })

  test('R9 waits for what was received to be stable, though the lease is good', async () => {
    const { reads, feed, lend } = reading()
    lend()
    feed.readable = false
    let served = false
    const read = reads.read(CALL, LIMITS).then(() => {
      served = true
    })
    await Promise.resolve()
    reads.progress()
    await Promise.resolve()
    expect(served).toBe(false)
    feed.readable = true
    reads.progress()
    await read
    expect(served).toBe(true)
  })

  test('that finds no primary for 2 s is a StaleReadError, or served with `stale: allow`', async () => {
    const { clock, reads } = reading({ primary: false })
    const refused = reads.read(CALL, LIMITS)
    clock.pass(STALE_AFTER)
    await expect(refused).rejects.toThrow(StaleReadError)
    const allowing = reading({ stale: 'allow', primary: false })
    const served = allowing.reads.read(CALL, LIMITS)
    allowing.clock.pass(STALE_AFTER)
    expect((await served).kind).toBe('rows')
  })

  test('is told after 2 s also where another one waits already', async () => {
    const { clock, reads } = reading({ primary: false })
    const first = reads.read(CALL, LIMITS)
    clock.pass(300)
    const second = reads.read(CALL, LIMITS)
    let told = false
    const end = second.catch(() => (told = true))
    await settled()
    clock.pass(STALE_AFTER - 1)
    await settled()
    expect(told).toBe(false)
    clock.pass(1)
    await settled()
    expect(told).toBe(true)
    await expect(first).rejects.toThrow(StaleReadError)
    await end
  })

  for (const slept of [1700, 2100, 2600, 3400, 60_000]) {
    test(`of a tab that slept for ${slept} ms meanwhile has its whole time to ask anew`, async () => {
      const { clock, reads, lend } = reading()
      let end: unknown
      const read = reads.read(CALL, LIMITS).then(
        ({ kind }) => (end = kind),
        (error: unknown) => (end = error),
      )
      clock.pass(400)
      clock.stop(slept)
      await settled()
      clock.pass(1500)
      await settled()
      expect(end).toBeUndefined()
      lend()
      await read
      expect(end).toBe('rows')
    })
  }

  test('waits for a primary that is heard of, which answers in its turn', async () => {
    const { clock, reads, hear, lend } = reading()
    const read = reads.read(CALL, LIMITS)
    for (let waited = 0; waited < 5 * STALE_AFTER; waited += STALE_AFTER / 2) {
      hear()
      clock.pass(STALE_AFTER / 2)
      await Promise.resolve()
    }
    lend()
    expect((await read).kind).toBe('rows')
  })

  test('that waits for a primary which never answers is a StaleReadError all the same', async () => {
    const { clock, reads, hear } = reading()
    const read = reads.read(CALL, LIMITS)
    for (let waited = 0; waited < READ_TIMEOUT; waited += 1000) {
      hear()
      clock.pass(1000)
      await Promise.resolve()
    }
    await expect(read).rejects.toThrow(StaleReadError)
  })

  test('goes to the primary where the replica does not follow', async () => {
    const { reads, feed, lend } = reading()
    lend()
    feed.mode = 'building'
    expect(await reads.read(CALL, LIMITS)).toEqual({ kind: 'forward' })
  })
})

describe('R11 the unasked word that nothing commits', () => {
  test('is a lease for a replica that has that version, and for no other', async () => {
    const { clock, reads, lend } = reading()
    lend()
    clock.pass(LEASE)
    const until = { mono: clock.mono() + LEASE, wall: clock.wall() + LEASE }
    const current = (version: number) => reads.current({ type: 'current', epoch: 1, version, until })
    let served = false
    const read = reads.read(CALL, LIMITS).then(() => {
      served = true
    })
    current(6)
    await Promise.resolve()
    expect(served).toBe(false)
    current(5)
    await read
  })

  test('of a primary that this tab never exchanged a word with is of no use', async () => {
    const { clock, reads, lend } = reading()
    lend()
    reads.reset()
    const read = reads.read(CALL, LIMITS)
    const until = { mono: clock.mono() + 10 * LEASE, wall: clock.wall() + 10 * LEASE }
    reads.current({ type: 'current', epoch: 1, version: 5, until })
    clock.pass(STALE_AFTER)
    await expect(read).rejects.toThrow(StaleReadError)
  })
})
