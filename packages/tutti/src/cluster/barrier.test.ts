import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { EpochBarrier } from './barrier.ts'
import { LEASE, LEASE_MARGIN } from './lease.ts'

function barrier(members: readonly string[]) {
  const clock = new ManualClock()
  const state = { opened: 0 }
  const epochBarrier = new EpochBarrier(members, clock, () => state.opened++)
  epochBarrier.start()
  return { clock, state, barrier: epochBarrier }
}

describe('R8 the barrier of a new epoch opens once', () => {
  test('when every member that was alive has joined or died', () => {
    const { barrier: epochBarrier, clock, state } = barrier(['m', 'n'])
    epochBarrier.arrived('m')
    epochBarrier.arrived('m')
    epochBarrier.arrived('one that came later')
    expect(state.opened).toBe(0)
    epochBarrier.arrived('n')
    clock.pass(2 * LEASE)
    expect(state.opened).toBe(1)
  })

  test('or when a full lease has passed, with its margin', () => {
    const { barrier: epochBarrier, clock, state } = barrier(['frozen'])
    clock.pass(LEASE + LEASE_MARGIN - 1)
    expect(state.opened).toBe(0)
    clock.pass(1)
    epochBarrier.arrived('frozen')
    expect(state.opened).toBe(1)
  })

  test('at once for a primary alone, and never after it was closed', () => {
    expect(barrier([]).state.opened).toBe(1)
    const closed = barrier(['m'])
    closed.barrier.close()
    closed.clock.pass(2 * LEASE)
    closed.barrier.arrived('m')
    expect(closed.state.opened).toBe(0)
  })
})
