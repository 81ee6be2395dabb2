import { describe, expect, test } from 'vitest'
import type { Values } from './history.ts'
import { judgeRecording } from './judge-recording.ts'
import { type LogEntry, parseRecording, type RecordedLine } from './recording.ts'

/** Calls of several tabs, 20 ms each and as far apart, one after the other. */
function recorder() {
  const lines: RecordedLine[] = [{ kind: 'begin' }]
  const log: LogEntry[] = []
  let t = 1000
  const next = (tab: string, op: 'read' | 'write', id: string) => ({ t: (t += 20), tab, op, id })
  const ask = (tab: string, request: string): string => {
    const id = `${tab}-${lines.length}`
    lines.push({ ...next(tab, 'write', id), kind: 'invoke', request })
    return id
  }
  return {
    lines,
    ask,
    write: (tab: string, request: string, version: number | null) => {
      const id = ask(tab, request)
      lines.push({ ...next(tab, 'write', id), kind: 'ok', version })
    },
    read: (tab: string, version: number, requests: readonly string[], values: Values = {}) => {
      const id = `${tab}-${lines.length}`
      lines.push({ ...next(tab, 'read', id), kind: 'invoke' })
      const seen = { size: requests.length, log: requests.slice(-2), values }
      lines.push({ ...next(tab, 'read', id), kind: 'ok', version, ...seen })
    },
    entry: (request: string, tab: string, more: Partial<LogEntry> = {}) =>
      log.push({ id: log.length + 1, request, tab, epoch: 1, reads: null, writes: null, ...more }),
    heard: (tab: string, version: number, id: number) =>
      lines.push({ kind: 'commit', tab, version, ids: [id] }),
    judge: (...living: string[]) => judgeRecording([...lines, { kind: 'end', living, log }]),
  }
}

const kindsOf = ({ violations }: ReturnType<typeof judgeRecording>) => violations.map(({ kind }) => kind)

describe('a recording of several tabs', () => {
  test('that is good passes, and tells what was answered', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    r.write('B', 'r2', null)
    r.entry('r1', 'A')
    r.entry('r2', 'B', { writes: '{"x":1}' })
    r.heard('A', 2, 1)
    r.heard('A', 3, 2)
    r.read('A', 3, ['r1', 'r2'], { x: 1 })
    expect(r.judge('A', 'B')).toEqual({ violations: [], hanging: [], failed: [], answered: 3 })
  })

  test('survives being a file', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    const text = r.lines.map((line) => `${JSON.stringify(line)}\n`).join('')
    expect(parseRecording(text)).toEqual(r.lines)
  })

  test('takes nothing from before the last beginning', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    r.lines.push({ kind: 'begin' })
    expect(kindsOf(r.judge('A'))).toEqual([])
  })

  test('takes writes of a tab that died before its line arrived, of a living one it does not', () => {
    const r = recorder()
    r.read('A', 1, [])
    r.entry('r1', 'A')
    r.heard('B', 2, 1)
    expect(kindsOf(r.judge('B'))).toEqual([])
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['came-from-nowhere'])
  })

  test('tells calls that hang from those of tabs that died', () => {
    const r = recorder()
    r.ask('A', 'r1')
    expect(r.judge('B').hanging).toEqual([])
    expect(r.judge('A').hanging).toEqual(['A-1'])
  })

  test('without an end cannot be judged', () => {
    expect(() => judgeRecording(recorder().lines)).toThrow('no end')
  })
})

describe('a bad recording', () => {
  test('lost write: acknowledged, and not in the log', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    expect(kindsOf(r.judge('A'))).toEqual(['lost-write'])
  })

  test('lost write: another tab heard of the commit, and it is not in the log', () => {
    const r = recorder()
    r.ask('A', 'r1')
    r.heard('B', 2, 1)
    expect(kindsOf(r.judge('B'))).toEqual(['lost-write'])
  })

  test('double apply: one request, two entries', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    r.entry('r1', 'A')
    r.entry('r1', 'A')
    r.heard('A', 2, 1)
    r.heard('A', 3, 2)
    expect(kindsOf(r.judge('A'))).toContain('double-apply')
  })

  test('stale read: another tab had the answer before this one asked', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    r.entry('r1', 'A')
    r.read('B', 1, [])
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['stale-read'])
  })

  test('write skew: each of two transactions read what the other one wrote', () => {
    const r = recorder()
    r.write('A', 'r1', null)
    r.write('B', 'r2', null)
    r.entry('r1', 'A', { reads: '{"x":null,"y":null}', writes: '{"x":1}' })
    r.entry('r2', 'B', { reads: '{"x":null,"y":null}', writes: '{"y":1}' })
    r.heard('A', 2, 1)
    r.heard('A', 3, 2)
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['not-serializable'])
  })

  test('split brain: two tabs heard of one entry at two versions', () => {
    const r = recorder()
    r.write('A', 'r1', null)
    r.entry('r1', 'A')
    r.heard('A', 2, 1)
    r.heard('B', 3, 1)
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['split-brain'])
  })

  test('split brain: a deposed primary commits after its successor', () => {
    const r = recorder()
    r.write('A', 'r1', 2)
    r.write('B', 'r2', 3)
    r.entry('r1', 'A', { epoch: 2 })
    r.entry('r2', 'B', { epoch: 1 })
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['split-brain'])
  })

  test('an impossible read: the last entries are right, and one further back is missing', () => {
    const r = recorder()
    for (const [index, request] of ['r1', 'r2', 'r3'].entries()) {
      r.write('A', request, index + 2)
      r.entry(request, 'A')
    }
    r.read('B', 4, ['r2', 'r3'])
    expect(kindsOf(r.judge('A', 'B'))).toEqual(['impossible-read'])
  })
})
