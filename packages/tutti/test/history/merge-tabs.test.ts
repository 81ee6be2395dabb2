import { expect, test } from 'vitest'
import { checkHistory } from './check-history.ts'
import { type CommittedWrite, History, type HistoryRecord } from './history.ts'
import { mergeTabs } from './merge-tabs.ts'

const committed: readonly CommittedWrite[] = [{ request: 'r1', version: 2, epoch: 1 }]

/** Tab A writes from 100 to 110; tab B reads the version before it, from `asked` on, by a clock of its own. */
function staleRead(asked: number, ahead = 0): HistoryRecord[] {
  let now = 100
  const [a, b] = [new History(() => now), new History(() => now + ahead)]
  const write = a.write('A', 'r1')
  now = 110
  write.ok({ version: 2 })
  now = asked
  const read = b.read('B')
  now = asked + 3
  read.ok({ version: 1 })
  return [...b.records, ...a.records]
}

const kinds = (records: readonly HistoryRecord[], skew: number) =>
  checkHistory(mergeTabs(records, skew), committed).violations.map(({ kind }) => kind)

test('puts the lines of several tabs into one order, whatever order they arrived in', () => {
  expect(mergeTabs(staleRead(200), 0).map(({ tab, kind }) => `${tab} ${kind}`)).toEqual([
    'A invoke',
    'A ok',
    'B invoke',
    'B ok',
  ])
})

test('a read that is stale beyond any doubt of the clocks is found, one within it is not', () => {
  expect(kinds(staleRead(121), 5)).toEqual(['stale-read'])
  expect(kinds(staleRead(119), 5)).toEqual([])
})

test('a call that was made before the answer is not accused by a clock that is ahead or behind', () => {
  for (const ahead of [-5, 5]) expect(kinds(staleRead(109, ahead), 5)).toEqual([])
  expect(kinds(staleRead(109, 5), 0)).toEqual(['stale-read'])
})

test('lines of one instant overlap, and one tab keeps the order of its invocations', () => {
  const history = new History(() => 7)
  history.write('A', 'r1').ok({ version: 1 })
  history.write('A', 'r2').ok({ version: 2 })
  expect(mergeTabs(history.records, 0).map(({ id, kind }) => `${id} ${kind}`)).toEqual([
    'A-0 invoke',
    'A-2 invoke',
    'A-0 ok',
    'A-2 ok',
  ])
})
