import { describe, expect, it } from 'vitest'
import { settle } from '../test/manual-clock.ts'
import type { InspectedCallOptions, InspectedResult, InspectedValue } from './inspected-database.ts'
import { createSqlRunner, type RunOutcome } from './sql-runner.ts'

interface Call {
  readonly sql: string
  readonly options: InspectedCallOptions
  readonly resolve: (result: InspectedResult) => void
  readonly reject: (error: Error) => void
}

class CodedError extends Error {
  readonly code: string
  constructor(code: string) {
    super(`made up: ${code}`)
    this.code = code
  }
}

/** A database that answers nothing by itself, except that an aborted call rejects. */
function setUp() {
  const calls: Call[] = []
  const outcomes: RunOutcome[] = []
  const busy: boolean[] = []
  let time = 0
  const runner = createSqlRunner({
    database: {
      query: (sql: string, _params: readonly InspectedValue[] = [], options: InspectedCallOptions = {}) =>
        new Promise<InspectedResult>((resolve, reject) => {
          calls.push({ sql, options, resolve, reject })
          options.signal?.addEventListener('abort', () => reject(new CodedError('ABORTED')))
        }),
    },
    now: () => (time += 5),
    onBusy: (value) => busy.push(value),
    onOutcome: (outcome) => outcomes.push(outcome),
  })
  const call = (index: number): Call => {
    const found = calls[index]
    if (!found) throw new Error(`there were only ${calls.length} calls`)
    return found
  }
  return { runner, calls, call, outcomes, busy }
}

const result = (rows: readonly (readonly InspectedValue[])[] = [], version = 1): InspectedResult => ({
  columns: ['a'],
  rows,
  changes: 0,
  lastInsertRowid: 0,
  version,
})

describe('SqlRunner', () => {
  it('P9 asks for read-only execution, whatever the text looks like, while write mode is off', async () => {
    const { runner, calls, call, outcomes } = setUp()
    const done = runner.run('with x as (select 1) insert into t select * from x', { write: false })
    expect(call(0).options.readonly).toBe(true)
    call(0).reject(new CodedError('STATEMENT_REFUSED'))
    await done
    expect(calls).toHaveLength(1)
    expect(outcomes).toMatchObject([{ kind: 'error', error: { code: 'STATEMENT_REFUSED' } }])
  })

  it('writes in write mode only what was refused as a read', async () => {
    const { runner, calls, call, outcomes } = setUp()
    const done = runner.run('delete from t', { write: true })
    call(0).reject(new CodedError('STATEMENT_REFUSED'))
    await settle()
    expect(call(1).options.readonly).toBeUndefined()
    call(1).resolve(result())
    await done
    expect(calls).toHaveLength(2)
    expect(outcomes).toMatchObject([{ kind: 'result', reads: false }])
  })

  it('does not try a failed read again as a write', async () => {
    const { runner, calls, call } = setUp()
    const done = runner.run('selekt', { write: true })
    call(0).reject(new CodedError('SQL'))
    await done
    expect(calls).toHaveLength(1)
  })

  it('repeats a read, read-only, and never a write', async () => {
    const { runner, calls, call, outcomes } = setUp()
    const read = runner.run('select 1', { write: true })
    call(0).resolve(result())
    await read
    const repeated = runner.again()
    expect(call(1)).toMatchObject({ sql: 'select 1', options: { readonly: true } })
    call(1).resolve(result([[1]], 2))
    await repeated
    expect(outcomes.map((outcome) => outcome.again)).toEqual([false, true])

    const write = runner.run('delete from t', { write: true })
    call(2).reject(new CodedError('STATEMENT_REFUSED'))
    await settle()
    call(3).resolve(result())
    await write
    await runner.again()
    expect(calls).toHaveLength(4)
  })

  it('repeats after an error that a commit may mend, not after one that is final', async () => {
    const { runner, calls, call } = setUp()
    const missing = runner.run('select * from not_yet', { write: false })
    call(0).reject(new CodedError('SQL'))
    await missing
    void runner.again()
    expect(calls).toHaveLength(2)
    call(1).reject(new CodedError('STATEMENT_TIMEOUT'))
    await settle()
    await runner.again()
    expect(calls).toHaveLength(2)
  })

  it('does not repeat a write that failed', async () => {
    const { runner, calls, call } = setUp()
    const write = runner.run('insert into t values (1)', { write: true })
    call(0).reject(new CodedError('STATEMENT_REFUSED'))
    await settle()
    call(1).reject(new CodedError('SQL'))
    await write
    await runner.again()
    expect(calls).toHaveLength(2)
  })

  it('stops a running read for the next one, and shows only the last of several', async () => {
    const { runner, calls, call, outcomes, busy } = setUp()
    void runner.run('select 1', { write: false })
    void runner.run('select 2', { write: false })
    const last = runner.run('select 3', { write: false })
    await settle()
    expect(calls.map((each) => each.sql)).toEqual(['select 1', 'select 3'])
    call(1).resolve(result())
    await last
    expect(outcomes.map((outcome) => outcome.sql)).toEqual(['select 3'])
    expect(busy.at(-1)).toBe(false)
    expect(busy.lastIndexOf(true)).toBe(busy.length - 2)
  })

  it('waits for a running write instead of stopping it', async () => {
    const { runner, calls, call, outcomes, busy } = setUp()
    void runner.run('delete from t', { write: true })
    call(0).reject(new CodedError('STATEMENT_REFUSED'))
    await settle()
    const next = runner.run('select 1', { write: true })
    await settle()
    expect(calls).toHaveLength(2)
    expect(call(1).options.signal?.aborted).toBe(false)
    call(1).resolve(result())
    await settle()
    expect(busy).not.toContain(false)
    call(2).resolve(result())
    await next
    expect(outcomes.map((outcome) => outcome.sql)).toEqual(['delete from t', 'select 1'])
    expect(busy).toEqual([true, true, false])
  })

  it('P4 ends an endless statement on stop, with its typed error', async () => {
    const { runner, outcomes } = setUp()
    const endless = runner.run('with recursive …', { write: false })
    runner.stop()
    await endless
    expect(outcomes).toMatchObject([{ kind: 'error', error: { code: 'ABORTED' } }])
  })

  it('runs one statement at a time when a repetition and a new run wait together', async () => {
    const { runner, calls, call } = setUp()
    const first = runner.run('select 1', { write: false })
    call(0).resolve(result())
    await first
    void runner.again()
    void runner.run('select 2', { write: false })
    void runner.again()
    await settle()
    expect(calls.map((each) => each.sql)).toEqual(['select 1', 'select 1', 'select 2'])
    call(2).resolve(result())
    await settle()
    expect(calls.map((each) => each.sql)).toEqual(['select 1', 'select 1', 'select 2', 'select 2'])
  })

  it('says nothing after it is disposed', async () => {
    const { runner, outcomes, calls } = setUp()
    const run = runner.run('select 1', { write: false })
    runner.dispose()
    await run
    await runner.run('select 2', { write: false })
    expect(outcomes).toEqual([])
    expect(calls).toHaveLength(1)
  })
})
