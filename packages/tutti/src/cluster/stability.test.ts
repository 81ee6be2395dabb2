import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { LEASE, LEASE_MARGIN, LeaseBook } from './lease.ts'
import { Stability } from './stability.ts'

const WHOLE_LEASE = LEASE + LEASE_MARGIN

/** An epoch that begins at version 5, with followers that have it and hold a lease. */
function epoch(followers: readonly string[], { memory = false } = {}) {
  const clock = new ManualClock()
  const leases = new LeaseBook(clock)
  const stable: number[] = []
  const stability = new Stability(5, {
    clock,
    leases,
    replicasAreTheStorage: memory,
    onStable: (version) => stable.push(version),
  })
  for (const member of followers) {
    stability.follow(member, 5)
    leases.grant(member)
  }
  return { clock, leases, stable, stability }
}

describe('R9 a version is stable', () => {
  test('once it is flushed and every follower has acknowledged it', () => {
    const { stable, stability } = epoch(['m', 'n'])
    stability.open()
    stability.acknowledge('m', 6)
    stability.acknowledge('n', 6)
    expect(stable).toEqual([5])
    stability.flushed(6)
    expect(stable).toEqual([5, 6])
    stability.flushed(8)
    stability.acknowledge('m', 8)
    stability.acknowledge('n', 7)
    expect(stable).toEqual([5, 6, 7])
    expect(stability.complete).toBe(false)
    stability.acknowledge('n', 8)
    expect([stability.version, stability.complete]).toEqual([8, true])
  })

  test('or once the lease of a follower that is silent has ended', () => {
    const { clock, stable, stability } = epoch(['m', 'silent'])
    stability.open()
    stability.flushed(6)
    stability.acknowledge('m', 6)
    clock.pass(WHOLE_LEASE - 1)
    expect(stability.version).toBe(5)
    clock.pass(1)
    expect(stable).toEqual([5, 6])
  })

  test('at once where a follower has no lease, is dead, or gave its replica up', () => {
    const { clock, leases, stability } = epoch(['m', 'n'])
    stability.open()
    stability.flushed(6)
    leases.forget('m')
    stability.unfollow('n')
    expect(stability.version).toBe(6)
    clock.pass(WHOLE_LEASE)
    expect(stability.version).toBe(6)
  })

  test('an acknowledgement of what is past, or of a member that does not follow, changes nothing', () => {
    const { stability } = epoch(['m'])
    stability.open()
    stability.flushed(7)
    stability.acknowledge('m', 7)
    stability.acknowledge('m', 6)
    stability.acknowledge('stranger', 3)
    stability.flushed(8)
    expect(stability.version).toBe(7)
  })
})

test('R8 nothing is stable before the epoch opens', () => {
  const { stable, stability } = epoch([])
  stability.flushed(6)
  expect([stable, stability.version]).toEqual([[], 4])
  stability.open()
  expect(stable).toEqual([6])
})

describe('R28 where the replicas are the storage', () => {
  test('a follower counts whether it holds a lease or not, until another one has the version and a lease has passed', () => {
    const { clock, stability } = epoch(['m', 'n'], { memory: true })
    stability.open()
    clock.pass(WHOLE_LEASE)
    stability.flushed(6)
    clock.pass(10 * LEASE)
    expect(stability.version).toBe(5)
    stability.acknowledge('m', 6)
    clock.pass(LEASE)
    expect(stability.version).toBe(6)
  })

  test('a primary alone waits for nobody', () => {
    const { stability } = epoch([], { memory: true })
    stability.open()
    stability.flushed(6)
    expect(stability.version).toBe(6)
  })
})

describe('who waits', () => {
  test('next() resolves with a further version, settled() when all is stable or time is up', async () => {
    const { clock, stability } = epoch(['m'])
    stability.open()
    stability.flushed(6)
    const order: string[] = []
    const next = stability.next().then(() => order.push('next'))
    const late = stability.settled(5).then(() => order.push('late'))
    clock.pass(5)
    await late
    stability.acknowledge('m', 6)
    await next
    await stability.settled(5)
    expect(order).toContain('next')
    expect(stability.complete).toBe(true)
  })

  test('close() lets all of them go', async () => {
    const { stability } = epoch(['m'])
    stability.open()
    stability.flushed(6)
    const waiting = [stability.next(), stability.settled(1000)]
    stability.close()
    await Promise.all(waiting)
    expect(stability.version).toBe(5)
  })
})
