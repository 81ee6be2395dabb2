import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { LEASE } from './lease.ts'
import { Tenure } from './tenure.ts'

function serving(exclusiveFiles = false) {
  const clock = new ManualClock(1000)
  let answers: (() => void)[] = []
  let asked = 0
  const locks = {
    held: () => {
      asked++
      return new Promise<readonly string[]>((resolve) => answers.push(() => resolve([])))
    },
  }
  const answer = async (): Promise<void> => {
    for (const settle of answers.splice(0)) settle()
    answers = []
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
  }
  const tenure = new Tenure({ clock, locks, lock: 'primary', exclusiveFiles })
  const surely = () => {
    const state = { sure: false }
    void tenure.sure().then(() => {
      state.sure = true
    })
    return state
  }
  return { clock, tenure, surely, answer, asked: () => asked }
}

describe('R5 a primary that runs', () => {
  test('asks nobody while it does not pause', async () => {
    const { clock, surely, answer, asked } = serving()
    for (let round = 0; round < 10; round++) {
      clock.pass(LEASE)
      const state = surely()
      await answer()
      expect(state.sure).toBe(true)
    }
    expect(asked()).toBe(0)
  })

  test('after a pause waits for the answer of the lock manager', async () => {
    const { clock, surely, answer, asked } = serving()
    clock.pass(LEASE + 1)
    const state = surely()
    for (let turn = 0; turn < 5; turn++) await Promise.resolve()
    expect(state.sure).toBe(false)
    await answer()
    expect([state.sure, asked()]).toEqual([true, 1])
  })

  test('asks again where it paused while it waited', async () => {
    const { clock, surely, answer, asked } = serving()
    clock.pass(LEASE + 1)
    const state = surely()
    clock.pass(LEASE + 1)
    await answer()
    expect([state.sure, asked()]).toEqual([false, 2])
    await answer()
    expect(state.sure).toBe(true)
  })
})

describe('R10 a lease', () => {
  test('counts from when the lock was certainly held, however late the answer comes', async () => {
    const { clock, tenure, answer } = serving()
    expect(tenure.lendsFrom).toBe(undefined)
    const late = tenure.ask()
    clock.pass(5000)
    await answer()
    expect(await late).toBe(1000)
    expect(tenure.lendsFrom).toBe(undefined)
    const quick = tenure.ask()
    await answer()
    expect(await quick).toBe(6000)
    clock.pass(100)
    expect(tenure.lendsFrom).toBe(6000)
    clock.pass(100)
    expect(tenure.lendsFrom).toBe(undefined)
  })

  test('counts from now where nobody else can commit while the files are open', () => {
    const { clock, tenure } = serving(true)
    clock.pass(60_000)
    expect(tenure.lendsFrom).toBe(61_000)
  })
})

describe('R11 a long statement', () => {
  test('goes on telling that nothing commits, until it has paused', () => {
    const { clock, tenure } = serving()
    for (let tick = 0; tick < 100; tick++) {
      clock.pass(50)
      expect(tenure.runsOn()).toBe(true)
    }
    clock.pass(LEASE + 1)
    expect(tenure.runsOn()).toBe(false)
    clock.pass(50)
    expect(tenure.runsOn()).toBe(false)
  })

  test('tells it after a pause, too, where nobody else can commit', () => {
    const { clock, tenure } = serving(true)
    clock.pass(60_000)
    expect(tenure.runsOn()).toBe(true)
  })
})
