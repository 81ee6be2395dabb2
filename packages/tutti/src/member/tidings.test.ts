import { describe, expect, test } from 'vitest'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import { Tidings } from './tidings.ts'

function telling({ unanswered }: { readonly unanswered: readonly number[] }) {
  const clock = new ManualClock()
  const told: string[] = []
  const tidings = new Tidings({
    clock,
    member: 'me',
    unanswered: () => unanswered,
    tell: ({ version, changes, by, cause }) => {
      const what = changes.all ? 'everything' : 'its rows'
      told.push([version, what, by || 'nobody', ...(cause === undefined ? [] : [cause])].join(' '))
    },
  })
  const commit = (version: number, by = 'other') =>
    tidings.changed({ version, changes: { all: false, tables: {} }, by })
  return { clock, told, tidings, commit }
}

describe('P1.4 what is told of commits', () => {
  test('is each at once, and of missed ones that everything may be different', () => {
    const { told, tidings, commit } = telling({ unanswered: [] })
    commit(6)
    tidings.missed(7, 9)
    commit(10, 'me')
    expect(told).toEqual(['6 its rows other', '9 everything nobody', '10 its rows me'])
    expect(tidings.told).toBe(true)
  })

  test('names those of the missed that were this tab’s, before their answers are told, and keeps the order', async () => {
    const { told, tidings, commit } = telling({ unanswered: [3, 4, 5] })
    tidings.missed(7, 9)
    tidings.missed(10, 11)
    commit(12)
    let through = false
    const waiting = tidings.whenTold().then(() => {
      through = true
    })
    expect([told, tidings.told]).toEqual([[], false])
    tidings.ended(2, { version: 7, cause: 'not asked for' })
    expect(told).toEqual([])
    tidings.ended(3, { version: 8, cause: 'mine' })
    expect(told).toEqual(['7 everything nobody', '8 everything me mine'])
    tidings.ended(4, undefined)
    await Promise.resolve()
    expect([told.length, through]).toEqual([2, false])
    tidings.ended(5, { version: 11, cause: undefined })
    expect(told.slice(2)).toEqual([
      '9 everything nobody',
      '10 everything nobody',
      '11 everything me',
      '12 its rows other',
    ])
    await waiting
    expect([through, tidings.told]).toEqual([true, true])
  })

  test('keeps nobody waiting once all that was missed is told, though other writes are unanswered', async () => {
    const { told, tidings } = telling({ unanswered: [3, 4] })
    tidings.missed(7, 7)
    let through = false
    void tidings.whenTold().then(() => {
      through = true
    })
    tidings.ended(3, { version: 7, cause: 'mine' })
    for (let i = 0; i < 5; i++) await Promise.resolve()
    expect([told, through]).toEqual([['7 everything me mine'], true])
  })

  test('a write that committed after what was missed ends the wait of what came before it', () => {
    const { told, tidings, commit } = telling({ unanswered: [3, 4] })
    tidings.missed(7, 7)
    commit(8, 'me')
    tidings.ended(3, { version: 8, cause: undefined })
    expect(told).toEqual(['7 everything nobody', '8 its rows me'])
  })

  test('waits for answers no longer than a second', () => {
    const { told, tidings, clock, commit } = telling({ unanswered: [3] })
    tidings.missed(7, 7)
    clock.pass(999)
    expect(told).toEqual([])
    clock.pass(1)
    expect(told).toEqual(['7 everything nobody'])
    tidings.ended(3, { version: 7, cause: 'too late' })
    commit(8)
    expect(told.slice(1)).toEqual(['8 its rows other'])
  })
})
