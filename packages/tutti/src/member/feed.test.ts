import { describe, expect, test } from 'vitest'
import type { ToMember, Want } from '../protocol/messages.ts'
import { Feed } from './feed.ts'
import { deltaOf, FakeReplica } from './testing/fake-replica.ts'

const CHANGES = { all: false, tables: {} }
type Welcome = Extract<ToMember, { type: 'welcome' }>

function following({ budget = Infinity } = {}) {
  const replica = new FakeReplica()
  const acknowledged: number[] = []
  const fetched: Want[] = []
  /** How many were acknowledged before each fetch. */
  const before: number[] = []
  const told: (number | string)[] = []
  const feed = new Feed({
    replica,
    budget: () => budget,
    acknowledge: ({ version }) => acknowledged.push(version),
    fetch: (want) => {
      fetched.push(want)
      before.push(acknowledged.length)
    },
    onProgress: () => undefined,
    onMode: () => undefined,
    tidings: {
      changed: ({ version }) => told.push(version),
      missed: (from, to) => told.push(`missed ${from} to ${to}`),
    },
  })
  const welcome = (version: number, follow: Welcome['follow'], epoch = 1, databaseSize = 9) =>
    feed.welcome(
      {
        type: 'welcome',
        epoch,
        position: { incarnation: 'i', epoch, version },
        databaseSize,
        follow,
        schema: 0,
        newerTab: false,
      },
      true,
    )
  const commit = (version: number, epoch = 1) =>
    feed.receive({ type: 'delta', epoch, version, delta: deltaOf(version), changes: CHANGES, by: 'm' })
  const behind = (version: number) =>
    feed.receive({ type: 'behind', epoch: 1, version, changes: CHANGES, by: 'm' })
  const pages = (from: number, version: number, last: boolean, copy?: number) =>
    feed.receive({
      type: 'pages',
      epoch: 1,
      from,
      version,
      delta: deltaOf(from),
      last,
      ...(copy && { copy }),
    })
  /** A replica that follows from version 5 on. */
  const live = () => {
    welcome(5, 'rebuild')
    pages(1, 5, true)
    feed.declareStable(1, 5)
    replica.log.length = 0
    fetched.length = 0
  }
  return { feed, replica, acknowledged, fetched, before, told, welcome, commit, behind, pages, live }
}

describe('R9 a commit', () => {
  test('is acknowledged on receipt, holds reads, and is applied when it is declared stable', () => {
    const { feed, replica, acknowledged, told, commit, live } = following()
    live()
    expect(feed.readable).toBe(true)
    commit(6)
    commit(7)
    expect([acknowledged, feed.readable, replica.log, told]).toEqual([[6, 7], false, [], []])
    feed.declareStable(1, 6)
    expect([feed.readable, replica.log, told]).toEqual([false, ['apply 6'], [6]])
    feed.declareStable(1, 7)
    expect([feed.readable, replica.log, told]).toEqual([true, ['apply 6', 'apply 7'], [6, 7]])
  })

  test('of another epoch is nothing, and one that came before is acknowledged again and applied once', () => {
    const { feed, replica, acknowledged, commit, live } = following()
    live()
    commit(6, 2)
    expect(acknowledged).toEqual([])
    commit(6)
    commit(6)
    feed.declareStable(1, 6)
    expect([acknowledged, replica.log]).toEqual([[6, 6], ['apply 6']])
  })

  test('R24 that leaves a gap is not guessed at: what lies between is fetched', () => {
    const { feed, fetched, acknowledged, commit, live } = following()
    live()
    commit(7)
    expect([fetched, acknowledged, feed.readable]).toEqual([
      [{ kind: 'deltas', after: 5, from: 0 }],
      [],
      false,
    ])
    const part = (version: number, final: boolean, last: boolean) =>
      feed.receive({ type: 'deltas', epoch: 1, version, delta: deltaOf(version), final, last })
    part(6, true, false)
    part(7, false, false)
    part(7, true, true)
    expect([fetched.at(-1), acknowledged, feed.mode]).toEqual([
      { kind: 'deltas', after: 6, from: 0 },
      [6, 7],
      'live',
    ])
    feed.declareStable(1, 7)
    expect(feed.readable).toBe(true)
  })

  test('R9 R24 that is too large to be sent is acknowledged, and then fetched while reads wait', () => {
    const { feed, fetched, before, acknowledged, behind, live } = following()
    live()
    behind(6)
    expect([acknowledged, fetched, feed.mode]).toEqual([
      [6],
      [{ kind: 'deltas', after: 5, from: 0 }],
      'fetching',
    ])
    expect(before.at(-1)).toBe(1)
  })
})

describe('a new epoch', () => {
  test('R17 drops what was never declared stable', () => {
    const { feed, replica, told, welcome, commit, live } = following()
    live()
    commit(6)
    welcome(5, 'current', 2)
    feed.declareStable(2, 5)
    expect([feed.readable, replica.log, told]).toEqual([true, [], []])
    expect(feed.position).toEqual({ incarnation: 'i', epoch: 2, version: 5 })
  })

  test('tells that something changed where commits were missed', () => {
    const { feed, told, fetched, welcome, live } = following()
    live()
    welcome(9, 'deltas', 2)
    expect(fetched).toEqual([{ kind: 'deltas', after: 5, from: 0 }])
    feed.declareStable(2, 9)
    expect(told).toEqual(['missed 6 to 9'])
  })

  test('R1 R17 does not tell of an undeclared commit as if it were the one that has its number now', () => {
    const { feed, told, welcome, commit, live } = following()
    live()
    commit(6)
    commit(7)
    welcome(7, 'deltas', 2)
    feed.declareStable(2, 7)
    expect(told).toEqual(['missed 6 to 7'])
  })

  test('after an absence in one epoch the changes that were received are told', () => {
    const { feed, told, welcome, commit, live } = following()
    live()
    commit(6)
    welcome(6, 'deltas')
    feed.declareStable(1, 6)
    expect(told).toEqual([6])
  })

  test('P1.4 tells once which versions were missed, before what came after them, in one epoch too', () => {
    const { feed, told, commit, live } = following()
    live()
    feed.declareStable(1, 6)
    commit(8)
    feed.declareStable(1, 8)
    commit(8)
    commit(9)
    feed.declareStable(1, 9)
    expect(told).toEqual(['missed 6 to 6', 'missed 7 to 7', 8, 9])
  })

  test('R9 is not readable before it declared a version', () => {
    const { feed, welcome, live } = following()
    live()
    welcome(5, 'current', 2)
    expect(feed.readable).toBe(false)
  })
})

describe('a first copy', () => {
  test('comes in chunks, with the commits that happen meanwhile put into it', () => {
    const { feed, replica, acknowledged, fetched, welcome, commit, pages } = following()
    welcome(5, 'rebuild')
    pages(1, 5, false)
    commit(6)
    pages(2, 6, true)
    expect(fetched).toEqual([
      { kind: 'pages', from: 1, copy: 1 },
      { kind: 'pages', from: 2, copy: 1 },
    ])
    expect(replica.log).toEqual(['begin', 'put 1', 'put 6', 'put 2', 'finish 6'])
    expect([acknowledged, feed.mode, feed.position?.version]).toEqual([[6], 'live', 6])
  })

  test('R24 begun anew takes nothing that an earlier one asked for', () => {
    const { feed, replica, fetched, welcome, behind, pages } = following()
    welcome(5, 'rebuild')
    pages(1, 5, false, 1)
    behind(6)
    pages(2, 6, true, 1)
    expect([feed.mode, replica.log]).toEqual(['building', ['begin', 'put 1']])
    pages(1, 6, false, 2)
    pages(2, 6, true, 2)
    expect(fetched.map((want) => ('copy' in want ? [want.from, want.copy] : []))).toEqual([
      [1, 1],
      [2, 1],
      [1, 2],
      [2, 2],
    ])
    expect(replica.log.slice(2)).toEqual(['begin', 'put 1', 'put 2', 'finish 6'])
    expect(feed.mode).toBe('live')
  })

  test('R24 of a primary that does not say for which copy is made of pages in their order', () => {
    const { feed, replica, welcome, behind, pages } = following()
    welcome(5, 'rebuild')
    pages(1, 5, false)
    behind(6)
    pages(2, 6, true)
    expect([feed.mode, replica.log]).toEqual(['building', ['begin', 'put 1']])
    pages(1, 6, false)
    pages(2, 6, true)
    expect(feed.mode).toBe('live')
  })

  test('R24 of a large commit one part is asked for after the other, and each is taken once', () => {
    const { feed, replica, fetched, acknowledged, behind, live } = following()
    live()
    behind(6)
    feed.declareStable(1, 6)
    fetched.length = acknowledged.length = 0
    const part = (from: number, final: boolean) =>
      feed.receive({ type: 'deltas', epoch: 1, version: 6, delta: deltaOf(6), final, last: final, from })
    part(0, false)
    part(0, false)
    part(1, false)
    expect([feed.mode, replica.log]).toEqual(['fetching', []])
    part(2, true)
    expect(fetched).toEqual([
      { kind: 'deltas', after: 5, from: 1 },
      { kind: 'deltas', after: 5, from: 2 },
    ])
    expect([feed.mode, replica.log]).toEqual(['live', ['apply 6', 'apply 6', 'apply 6']])
    expect(acknowledged).toEqual([6])
  })

  test('R24 a part that is followed by the next one asks for none', () => {
    const { feed, fetched, behind, live } = following()
    live()
    behind(6)
    const part = { type: 'deltas', epoch: 1, version: 6, delta: deltaOf(6) } as const
    feed.receive({ ...part, final: false, last: false, from: 0 })
    feed.receive({ ...part, final: false, last: false, from: 1, more: true })
    feed.receive({ ...part, final: true, last: true, from: 2 })
    expect([feed.mode, fetched]).toEqual([
      'live',
      [
        { kind: 'deltas', after: 5, from: 0 },
        { kind: 'deltas', after: 5, from: 1 },
      ],
    ])
  })

  test('R24 of a primary that sends all parts at once it asks for none but the first', () => {
    const { feed, fetched, behind, live } = following()
    live()
    behind(6)
    for (const final of [false, false, true])
      feed.receive({ type: 'deltas', epoch: 1, version: 6, delta: deltaOf(6), final, last: final })
    expect([feed.mode, fetched]).toEqual(['live', [{ kind: 'deltas', after: 5, from: 0 }]])
  })

  test.each([true, false])(
    'R24 grown past its budget by a delta in parts is given up for good, the last one or not: %s',
    (last) => {
      const { feed, replica, fetched, behind, live } = following({ budget: 9 * 4096 })
      live()
      behind(6)
      feed.declareStable(1, 7)
      const delta = { ...deltaOf(6), databaseSize: 10 }
      feed.receive({ type: 'deltas', epoch: 1, version: 6, delta, final: true, last })
      expect([feed.mode, feed.givenUp, feed.position, replica.log]).toEqual([
        'none',
        true,
        null,
        ['apply 6', 'clear'],
      ])
      expect(fetched).toEqual([{ kind: 'deltas', after: 5, from: 0 }])
    },
  )

  test('is not begun past the budget, unless an export needs it', () => {
    const { feed, fetched, welcome } = following({ budget: 8 * 4096 })
    welcome(5, 'rebuild')
    expect([feed.mode, feed.givenUp, fetched]).toEqual(['none', true, []])
    feed.pin()
    expect([feed.mode, feed.givenUp, fetched]).toEqual([
      'building',
      false,
      [{ kind: 'pages', from: 1, copy: 1 }],
    ])
  })

  test('begins again where the primary no longer has what is missing', () => {
    const { feed, fetched, commit, live } = following()
    live()
    commit(9)
    feed.receive({ type: 'gap', epoch: 1 })
    expect([feed.mode, fetched.at(-1)]).toEqual(['building', { kind: 'pages', from: 1, copy: 2 }])
  })
})

test('R11 a replica that hears of a version which it never received asks for it', () => {
  const { feed, fetched, live } = following()
  live()
  feed.notice(5)
  expect(fetched).toEqual([])
  feed.notice(6)
  expect(fetched).toEqual([{ kind: 'deltas', after: 5, from: 0 }])
})
