import { describe, expect, it } from 'vitest'
import { createManualClock, settle } from '../test/manual-clock.ts'
import type { InspectedDatabase, InspectedStatus } from './inspected-database.ts'
import { createInspection, type Panels } from './inspection.ts'
import type { RunOutcome } from './sql-runner.ts'

const STATUS: InspectedStatus = {
  tab: 'b',
  role: 'replica',
  epoch: 2,
  version: 7,
  incarnation: 'i',
  primary: { tab: 'a' },
  members: [],
  queue: 0,
  transaction: null,
  locks: [],
  failovers: 0,
}

/** A database that counts what it is asked, and panels that note what they are shown. */
function setUp() {
  const asked: string[] = []
  const said: string[] = []
  const outcomes: RunOutcome[] = []
  const listeners = new Map<string, Set<(change: { version: number }) => void>>()
  const switches = { rerun: true }
  let status: () => Promise<InspectedStatus> = async () => STATUS

  const on = (event: string, listener: (change: { version: number }) => void) => {
    listeners.set(event, (listeners.get(event) ?? new Set()).add(listener))
    return () => void listeners.get(event)?.delete(listener)
  }
  const emit = (event: string, version = 0) => {
    for (const listener of listeners.get(event) ?? []) listener({ version })
  }
  const database: InspectedDatabase = {
    user: 'u',
    name: 'practice',
    version: 7,
    storage: { kind: 'opfs' },
    async query(sql) {
      asked.push(sql)
      return { columns: [], rows: [], changes: 0, lastInsertRowid: 0, version: 7 }
    },
    status() {
      asked.push('status')
      return status()
    },
    onChange: (listener) => on('change', listener),
    on: (event, listener) => on(event, () => listener()),
    export: async () => new Blob(),
  }
  const unused = {} as HTMLElement
  const panels: Panels = {
    who: {
      element: unused,
      showIdentity: () => said.push('identity'),
      showStatus: ({ role }) => said.push(role),
      showVersion: (version) => said.push(`version ${version}`),
      showStatusError: (message) => said.push(message),
      showNotice: (message) => said.push(message),
    },
    tables: { element: unused, show: () => said.push('tables'), showError: (message) => said.push(message) },
    sql: {
      element: unused,
      write: false,
      get rerun() {
        return switches.rerun
      },
      setSql: () => {},
      setBusy: () => {},
      showHistory: () => {},
    },
    results: { element: unused, show: (outcome) => outcomes.push(outcome), clear: () => {} },
  }
  const clock = createManualClock()
  const inspection = createInspection(database, panels, clock)
  const count = (text: string) => asked.filter((each) => each === text).length
  const listening = () => [...listeners.values()].reduce((sum, set) => sum + set.size, 0)
  const failStatus = (reason: Error) => {
    status = () => Promise.reject(reason)
  }
  return { inspection, clock, asked, said, outcomes, switches, emit, count, listening, failStatus }
}

describe('Inspection', () => {
  it('P9 shows who is who at once, after each event and commit, and every 2 s', async () => {
    const { said, clock, count, emit } = setUp()
    await settle()
    expect(said).toEqual(['identity', 'replica', 'tables'])
    clock.advance(1000)
    emit('status')
    await settle()
    expect(count('status')).toBe(2)
    clock.advance(1000)
    await settle()
    expect(count('status')).toBe(3)
    emit('change', 8)
    expect(said.at(-1)).toBe('version 8')
  })

  it('P9 repeats the last read on every commit', async () => {
    const { inspection, outcomes, emit, clock } = setUp()
    inspection.run('select 1')
    await settle()
    emit('change', 8)
    await settle()
    clock.advance(1000)
    emit('change', 9)
    await settle()
    expect(outcomes.map((outcome) => outcome.again)).toEqual([false, true, true])
  })

  it('repeats nothing while the switch is off, and catches up when asked', async () => {
    const { inspection, outcomes, switches, emit } = setUp()
    inspection.run('select 1')
    await settle()
    switches.rerun = false
    emit('change', 8)
    await settle()
    expect(outcomes).toHaveLength(1)
    inspection.rerun()
    await settle()
    expect(outcomes).toHaveLength(2)
  })

  it('asks nothing while paused, and makes up for what it missed', async () => {
    const { inspection, asked, count, emit, clock } = setUp()
    inspection.run('select 1')
    await settle()
    inspection.pause()
    const before = asked.length
    emit('change', 8)
    clock.advance(60_000)
    await settle()
    expect(asked).toHaveLength(before)
    inspection.resume()
    await settle()
    expect(count('select 1')).toBe(2)
    expect(count('status')).toBe(2)
  })

  it('keeps what it showed and says why, when there is no status', async () => {
    const { said, failStatus, clock } = setUp()
    await settle()
    failStatus(Object.assign(new Error('No tab could act.'), { code: 'PRIMARY_UNAVAILABLE' }))
    clock.advance(2000)
    await settle()
    expect(said.at(-1)).toBe('No status (PRIMARY_UNAVAILABLE): No tab could act.')
  })

  it('says that the database was deleted, or this build is outdated', async () => {
    const { said, emit } = setUp()
    await settle()
    emit('outdated')
    expect(said.at(-1)).toContain('reload')
    emit('deleted')
    expect(said.at(-1)).toContain('deleted')
  })

  it('leaves no listener and no timer behind', async () => {
    const { inspection, listening, clock } = setUp()
    await settle()
    expect(listening()).toBe(5)
    inspection.dispose()
    expect(listening()).toBe(0)
    expect(clock.waiting).toBe(0)
  })
})
