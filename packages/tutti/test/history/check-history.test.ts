import { describe, expect, test } from 'vitest'
import { checkHistory } from './check-history.ts'
import { type Answer, type CommittedWrite, History, type PendingCall, parseHistory } from './history.ts'

/** A history told step by step, each step one ms after the one before. */
function story() {
  let now = 0
  const history = new History(() => now++)
  const committed: CommittedWrite[] = []
  const commit = (request: string, version: number | null, more: Partial<CommittedWrite> = {}) =>
    committed.push({ request, version, epoch: 1, ...more })
  return {
    history,
    committed,
    commit,
    read: (tab: string, answer: Answer) => history.read(tab).ok(answer),
    /** Asked for, committed and acknowledged. */
    write: (tab: string, request: string, version: number, more: Partial<CommittedWrite> = {}) => {
      const call = history.write(tab, request)
      commit(request, version, more)
      call.ok({ version })
    },
    verdict: () => checkHistory(history.records, committed),
    kinds: () => checkHistory(history.records, committed).violations.map(({ kind }) => kind),
  }
}

const noAnswer = (call: PendingCall) => call.fail({ code: 'CALL_TIMEOUT', outcome: 'unknown' })
const refused = (call: PendingCall) => call.fail({ code: 'CALL_TIMEOUT', outcome: 'not-applied' })

describe('good histories', () => {
  test('one tab after the other', () => {
    const s = story()
    s.read('A', { version: 0, values: { x: null }, log: [] })
    s.write('A', 'r1', 2, { writes: { x: 1 } })
    s.read('B', { version: 2, values: { x: 1 }, log: ['r1'] })
    s.write('B', 'r2', 3, { reads: { x: 1 }, writes: { x: 2 } })
    s.read('A', { version: 3, values: { x: 2, y: null }, log: ['r1', 'r2'] })
    expect(s.verdict()).toEqual({ violations: [], open: [] })
  })

  test('a read that overlaps a write may give either version, and so may two overlapping reads', () => {
    const s = story()
    const write = s.history.write('A', 'r1')
    const [early, late] = [s.history.read('B'), s.history.read('C')]
    s.commit('r1', 1, { writes: { x: 1 } })
    late.ok({ version: 1, values: { x: 1 } })
    early.ok({ version: 0, values: { x: null } })
    write.ok({ version: 1 })
    expect(s.kinds()).toEqual([])
  })

  test('a write of unknown outcome may be there or not, and is answered alike when it is asked again', () => {
    const s = story()
    noAnswer(s.history.write('A', 'gone'))
    noAnswer(s.history.write('A', 'r1'))
    s.commit('r1', 1, { writes: { x: 1 } })
    s.write('B', 'r2', 2)
    s.history.write('A', 'r1').ok({ version: 1 })
    s.history.write('C', 'never answered')
    expect(s.verdict()).toMatchObject({ violations: [], open: [expect.stringMatching(/^C-/)] })
  })

  test('a write that was refused may be asked again and succeed', () => {
    const s = story()
    refused(s.history.write('A', 'r1'))
    s.write('A', 'r1', 1)
    expect(s.kinds()).toEqual([])
  })

  test('of a write whose version nobody knows, a read next to it may or may not tell', () => {
    for (const sees of [true, false]) {
      const s = story()
      s.write('A', 'r1', 1, { writes: { x: 1 } })
      noAnswer(s.history.write('A', 'r2'))
      s.commit('r2', null, { writes: { x: 2 } })
      s.read('B', { version: 2, values: { x: sees ? 2 : 1 } })
      s.write('A', 'r3', 4, { reads: { x: 2 } })
      expect(s.kinds()).toEqual([])
    }
  })

  test('survive being written as lines and read again', () => {
    const s = story()
    s.write('A', 'r1', 1, { writes: { x: 1 } })
    s.read('B', { version: 1, values: { x: 1 }, log: ['r1'] })
    noAnswer(s.history.write('B', 'r2', 'handle'))
    const lines = s.history.toJsonLines()
    expect(lines.split('\n')).toHaveLength(7)
    expect(parseHistory(lines)).toEqual(s.history.records)
  })
})

describe('bad histories', () => {
  test('lost write: it was acknowledged, and is not there', () => {
    const s = story()
    s.history.write('A', 'r1').ok({ version: 1 })
    expect(s.kinds()).toEqual(['lost-write'])
  })

  test('double apply: a write is there twice', () => {
    const s = story()
    s.write('A', 'r1', 1)
    s.commit('r1', 2)
    expect(s.kinds()).toContain('double-apply')
  })

  test('a retry is answered with another version', () => {
    const s = story()
    s.write('A', 'r1', 1)
    s.history.write('A', 'r1').ok({ version: 2 })
    expect(s.kinds()).toEqual(['wrong-version'])
  })

  test('a retry is answered with other values', () => {
    const s = story()
    s.write('A', 'r1', 1, { writes: { x: 1 } })
    s.history.write('A', 'r1').ok({ version: 1, values: { x: 2 } })
    expect(s.kinds()).toEqual(['wrong-result'])
  })

  test('a write is reported as not applied, and is there', () => {
    const s = story()
    refused(s.history.write('A', 'r1'))
    s.commit('r1', 1)
    expect(s.kinds()).toEqual(['false-not-applied'])
  })

  test('a write that a reader had seen is reported as not applied when it is asked again', () => {
    const s = story()
    noAnswer(s.history.write('A', 'r1'))
    s.commit('r1', 1)
    s.read('B', { version: 1, log: ['r1'] })
    refused(s.history.write('A', 'r1'))
    expect(s.kinds()).toEqual(['false-not-applied'])
  })

  test('split brain: two primaries give the same version', () => {
    const s = story()
    s.write('A', 'r1', 1)
    s.write('B', 'r2', 1)
    expect(s.kinds()).toContain('split-brain')
  })

  test('split brain: a deposed primary commits after its successor', () => {
    const s = story()
    const late = s.history.write('A', 'r2')
    s.write('B', 'r1', 1, { epoch: 2 })
    s.commit('r2', 2, { epoch: 1 })
    late.ok({ version: 2 })
    expect(s.kinds()).toEqual(['split-brain'])
  })

  test('stale read: a write that was acknowledged before it is not seen', () => {
    const s = story()
    s.write('A', 'r1', 1, { writes: { x: 1 } })
    s.read('B', { version: 0, values: { x: null } })
    expect(s.kinds()).toEqual(['stale-read'])
  })

  test('stale read: it goes back behind another tab’s read', () => {
    const s = story()
    const write = s.history.write('A', 'r1')
    s.commit('r1', 10)
    s.read('A', { version: 10 })
    s.read('B', { version: 9 })
    write.ok({ version: 10 })
    expect(s.kinds()).toEqual(['stale-read'])
  })

  test('a read sees half of a transaction, or what was rolled back', () => {
    const s = story()
    s.write('A', 'r1', 1, { writes: { x: 1, y: 1 } })
    s.read('B', { version: 1, values: { x: 1, y: null } })
    s.read('B', { version: 1, values: { x: 99 } })
    expect(s.kinds()).toEqual(['impossible-read', 'impossible-read'])
  })

  test('a read has the right version and a log that lacks an entry, or holds others', () => {
    const s = story()
    s.write('A', 'r1', 1)
    s.write('A', 'r2', 2)
    s.read('B', { version: 2, log: ['r1'] })
    s.read('B', { version: 2, log: ['r1', 'r3'] })
    s.read('B', { version: 2, log: ['r2', 'r1'] })
    expect(s.kinds()).toEqual(['impossible-read', 'impossible-read', 'impossible-read'])
  })

  test('lost update: two transactions read the same, and both write', () => {
    const s = story()
    const [a, b] = [s.history.write('A', 'r1'), s.history.write('B', 'r2')]
    s.commit('r1', 1, { reads: { n: null }, writes: { n: 1 } })
    s.commit('r2', 2, { reads: { n: null }, writes: { n: 1 } })
    a.ok({ version: 1 })
    b.ok({ version: 2 })
    expect(s.kinds()).toEqual(['not-serializable'])
  })

  test('write skew: two transactions each read what the other writes', () => {
    const s = story()
    const [a, b] = [s.history.write('A', 'r1'), s.history.write('B', 'r2')]
    s.commit('r1', 1, { reads: { x: null, y: null }, writes: { x: 1 } })
    s.commit('r2', 2, { reads: { x: null, y: null }, writes: { y: 1 } })
    a.ok({ version: 1 })
    b.ok({ version: 2 })
    expect(s.kinds()).toEqual(['not-serializable'])
  })

  test('a write takes effect before it was asked for', () => {
    const s = story()
    const first = s.history.write('B', 'r1')
    first.ok({ version: 5 })
    s.write('A', 'r2', 4)
    s.commit('r1', 5)
    expect(s.kinds()).toEqual(['late-write'])
  })

  test('a read contains what was only asked for later', () => {
    const s = story()
    s.read('B', { version: 1, log: ['r1'] })
    const write = s.history.write('A', 'r1')
    s.commit('r1', 1)
    noAnswer(write)
    expect(s.kinds()).toEqual(['late-write', 'future-read'])
  })

  test('the log has what nobody asked for', () => {
    const s = story()
    s.commit('r1', 1)
    expect(s.kinds()).toEqual(['came-from-nowhere'])
  })

  test('calls of one handle overtake each other', () => {
    const s = story()
    const write = s.history.write('A', 'r1', 'handle')
    const read = s.history.read('A', 'handle')
    read.ok({ version: 0, log: [] })
    s.commit('r1', 1)
    write.ok({ version: 1 })
    expect(s.kinds()).toEqual(['out-of-order'])
  })

  test('answers without a call, or two to one', () => {
    const s = story()
    const call = s.history.read('A')
    call.ok({ version: 0 })
    call.ok({ version: 0 })
    s.history.records.push({ t: 9, tab: 'A', op: 'read', id: 'nobody', kind: 'ok', version: 0 })
    expect(s.kinds()).toEqual(['malformed', 'malformed'])
  })
})
