import { expect, it } from 'vitest'
import { createManualClock, settle } from '../test/manual-clock.ts'
import { createCoalescer } from './coalescer.ts'

function setUp(gap = 100) {
  const clock = createManualClock()
  const runs: (() => void)[] = []
  const task = () =>
    new Promise<void>((resolve) => {
      runs.push(resolve)
    })
  const finish = async (index: number): Promise<void> => {
    runs[index]?.()
    await settle()
  }
  const coalescer = createCoalescer({ task, gap: (lasted) => Math.max(gap, 2 * lasted), clock })
  return { coalescer, runs, finish, clock }
}

it('runs at once, then makes one more run of all requests that came meanwhile, after the gap', async () => {
  const { coalescer, runs, finish, clock } = setUp()
  coalescer.request()
  expect(runs).toHaveLength(1)
  coalescer.request()
  coalescer.request()
  expect(runs).toHaveLength(1)
  await finish(0)
  clock.advance(99)
  expect(runs).toHaveLength(1)
  clock.advance(1)
  expect(runs).toHaveLength(2)
  await finish(1)
  clock.advance(1000)
  expect(runs).toHaveLength(2)
})

it('leaves a longer gap after a slow run', async () => {
  const { coalescer, runs, finish, clock } = setUp()
  coalescer.request()
  clock.advance(300)
  await finish(0)
  coalescer.request()
  clock.advance(599)
  expect(runs).toHaveLength(1)
  clock.advance(1)
  expect(runs).toHaveLength(2)
})

it('remembers a request while paused', () => {
  const { coalescer, runs } = setUp()
  coalescer.pause()
  coalescer.request()
  expect(runs).toHaveLength(0)
  coalescer.resume()
  expect(runs).toHaveLength(1)
})

it('leaves no timer behind', async () => {
  const { coalescer, runs, finish, clock } = setUp()
  coalescer.request()
  await finish(0)
  coalescer.request()
  expect(clock.waiting).toBe(1)
  coalescer.dispose()
  expect(clock.waiting).toBe(0)
  coalescer.request()
  clock.advance(1000)
  expect(runs).toHaveLength(1)
})
