import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { LEASE, LEASE_MARGIN, LeaseBook, LeaseHolder } from './lease.ts'

const HOUR = 3_600_000

describe('R10 the side of the primary', () => {
  const lent = () => {
    const clock = new ManualClock()
    const book = new LeaseBook(clock)
    book.grant('m')
    return { clock, book }
  }

  test('counts from its answer, with a margin', () => {
    const { clock, book } = lent()
    clock.pass(LEASE + LEASE_MARGIN - 1)
    expect(book.remaining('m')).toBe(1)
    clock.pass(1)
    expect(book.remaining('m')).toBe(0)
    expect(book.remaining('somebody else')).toBe(0)
  })

  test('lets go only when both clocks say so', () => {
    const forward = lent()
    forward.clock.jump(HOUR)
    expect(forward.book.remaining('m')).toBe(LEASE + LEASE_MARGIN)
    const back = lent()
    back.clock.pass(200)
    back.clock.jump(-100)
    back.clock.pass(400)
    expect(back.book.remaining('m')).toBe(50)
  })

  test('does not wait for a wall clock that was set back to before the lease', () => {
    const { clock, book } = lent()
    clock.jump(-HOUR)
    clock.pass(LEASE + LEASE_MARGIN)
    expect(book.remaining('m')).toBe(0)
  })

  test('R11 a lease for everyone counts for each, also for one that is forgotten', () => {
    const { clock, book } = lent()
    clock.pass(300)
    book.grantEveryone()
    book.forget('m')
    for (const member of ['m', 'n']) expect(book.remaining(member)).toBe(LEASE + LEASE_MARGIN)
  })
})

describe('R10 the side of the replica', () => {
  /** The primary's clock began elsewhere; it answers `late` ms after the question was asked. */
  const holding = (late: number) => {
    const [here, there] = [new ManualClock(1_000_000), new ManualClock(7)]
    const [holder, book] = [new LeaseHolder(here), new LeaseBook(there)]
    const pass = (ms: number) => {
      here.pass(ms)
      there.pass(ms)
    }
    const asked = here.mono()
    pass(late)
    const until = book.grant('m')
    const now = there.mono()
    pass(late)
    holder.granted(asked, now, until)
    return { here, there, holder, book, pass }
  }

  test('counts from when it asked, whatever the origin of the other clock', () => {
    const { holder, pass } = holding(30)
    expect(holder.remaining()).toBe(LEASE - 60)
    pass(LEASE - 60)
    expect(holder.remaining()).toBe(0)
  })

  test('ends before the primary lets go, however long an answer took', () => {
    for (const late of [0, 10, 100, 400]) {
      const { holder, book, pass } = holding(late)
      for (let i = 0; i < 100; i++) {
        expect(holder.remaining()).toBeLessThanOrEqual(book.remaining('m'))
        pass(10)
      }
    }
  })

  test('R11 an answer that a long statement held up does not spoil what a quick one taught', () => {
    const { holder, here, there, book, pass } = holding(5)
    const asked = here.mono()
    pass(3000)
    holder.granted(asked, there.mono(), book.grant('m'))
    expect(holder.remaining()).toBe(LEASE - 5)
    pass(100)
    holder.extend(book.grantEveryone())
    expect(holder.remaining()).toBe(LEASE - 5)
    expect(holder.remaining()).toBeLessThan(book.remaining('m'))
  })

  test('stops when either clock says so, and when the wall clock was set back', () => {
    for (const jump of [HOUR, -HOUR]) {
      const { holder, here } = holding(1)
      here.jump(jump)
      expect(holder.remaining()).toBe(0)
    }
  })

  test('R11 takes no lease that it did not ask for before a first exchange with this primary', () => {
    const { holder, there, book } = holding(1)
    holder.drop(true)
    holder.extend(book.grantEveryone())
    expect(holder.remaining()).toBe(0)
    const stranger = new LeaseHolder(there)
    stranger.extend(book.grantEveryone())
    expect(stranger.remaining()).toBe(0)
  })

  test('R11 is extended by what the primary says unasked, and never shortened', () => {
    const { holder, book, pass } = holding(10)
    pass(300)
    const until = book.grantEveryone()
    holder.extend(until)
    expect(holder.remaining()).toBe(LEASE - 10)
    holder.extend({ mono: until.mono - 200, wall: until.wall - 200 })
    expect(holder.remaining()).toBe(LEASE - 10)
  })
})
