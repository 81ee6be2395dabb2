import { beforeEach, describe, expect, it } from 'vitest'
import { OutcomeUnknownError, RequestIdReusedError, ResultLostError } from '../errors/errors.ts'
import { EngineFixture, errorOf, MEMBER, OTHER } from './testing/engine-fixture.ts'

const MIGRATIONS = [{ name: 'schema', sql: 'create table t(a integer primary key, b)' }]
const INSERT = "insert into t(b) values ('x') returning a, b, 9007199254740993, x'00ff', 1e999, null, 1.5"

let fixture: EngineFixture

beforeEach(async () => {
  fixture = await EngineFixture.open({ migrations: MIGRATIONS })
})

function insert(request = fixture.request(), sql = INSERT) {
  return fixture.engine.execute({ op: 'statement', sql, rows: 'all' }, request, fixture.limits())
}

function count() {
  return fixture.values('select count(*) from t')[0]?.[0]
}

describe('R14: a write happens once', () => {
  it('R14: the same request again gives the original result and version, and commits nothing', () => {
    const request = fixture.request()
    const first = insert(request)
    insert()
    const again = insert(request)
    expect(again).toEqual({ ...first, commit: null })
    expect(again.results[0]?.rows).toEqual([
      [1, 'x', 9007199254740993n, Uint8Array.of(0, 255), Number.POSITIVE_INFINITY, null, 1.5],
    ])
    expect(again.results[0]).toMatchObject({ changes: 1, lastInsertRowid: 1 })
    expect(count()).toBe(2)
  })

  it('R14: also after another primary took over, and after the table is gone', () => {
    const request = fixture.request()
    const first = insert(request)
    fixture.exec('drop table t')
    fixture.reopen({ migrations: MIGRATIONS })
    expect(insert(request)).toEqual({ ...first, commit: null })
    expect(fixture.engine.recall(request.key)).toEqual({ ...first, commit: null })
  })

  it('R14: the result was taken before the ledger changed the counters', () => {
    const { results } = fixture.run('insert into t(a) values (75), (76), (77)')
    expect(results[0]).toMatchObject({ changes: 3, lastInsertRowid: 77 })
    fixture.engine.begin()
    fixture.inside("insert into t values (88, 'x')")
    expect(fixture.inside('select last_insert_rowid(), changes()')?.rows).toEqual([[88, 1]])
    fixture.engine.commit(fixture.request())
  })

  it('R14: a failed write leaves no row: the same request may be tried again', () => {
    const request = fixture.request()
    expect(() => fixture.run('insert into t(a) values (1), (1)', [], request)).toThrow('UNIQUE')
    expect(fixture.engine.recall(request.key)).toBeUndefined()
    expect(fixture.run('insert into t(a) values (1)', [], request).commit).not.toBeNull()
  })

  it('R14: rows past 64 KiB are not kept; the repetition says that it committed', () => {
    const request = fixture.request()
    const large = "insert into t(b) values (printf('%.70000c', 'x')) returning b"
    expect(insert(request, large).results[0]?.rows[0]?.[0]).toHaveLength(70_000)
    const error = errorOf(() => insert(request, large))
    expect(error).toBeInstanceOf(ResultLostError)
    expect(error.message).toContain('committed')
    expect(errorOf(() => fixture.engine.recall(request.key))).toBeInstanceOf(ResultLostError)
    expect(count()).toBe(1)
  })

  it('R14: an id of the app is known to every member, and for one write only', () => {
    const key = { owner: '#order-7', seq: 0 }
    const first = insert(fixture.request({ key }))
    expect(insert(fixture.request({ key, member: OTHER }))).toEqual({ ...first, commit: null })
    const error = errorOf(() => insert(fixture.request({ key }), "insert into t(b) values ('y')"))
    expect(error).toBeInstanceOf(RequestIdReusedError)
    expect(error).toMatchObject({ requestId: 'order-7', outcome: 'not-applied' })
    expect(count()).toBe(1)
  })

  it.each([
    [
      { sql: 'insert into t(b) values (?)', params: [1] },
      { sql: 'insert into t(b) values (?)', params: ['1'] },
    ],
    [
      { sql: 'insert into t(b) values (?)', params: [1] },
      { sql: 'insert into t(b) values (?)', params: [1n] },
    ],
    [
      { sql: 'insert into t(b) values (?)', params: [''] },
      { sql: 'insert into t(b) values (?)', params: [null] },
    ],
  ])('R14: other parameters make another write: %o, %o', (one, two) => {
    const key = { owner: '#id', seq: 0 }
    const run = (statement: typeof one | typeof two) =>
      fixture.engine.execute(
        { op: 'batch', statements: [statement] },
        fixture.request({ key }),
        fixture.limits(),
      )
    run(one)
    expect(run(one).commit).toBeNull()
    expect(errorOf(() => run(two))).toBeInstanceOf(RequestIdReusedError)
  })

  it('named parameters are the same in any order', () => {
    const key = { owner: '#id', seq: 0 }
    const run = (params: Record<string, number>) =>
      fixture.engine.execute(
        { op: 'statement', sql: 'insert into t values ($a, $b)', params, rows: 'none' },
        fixture.request({ key }),
        fixture.limits(),
      )
    run({ a: 1, b: 2 })
    expect(run({ b: 2, a: 1 }).commit).toBeNull()
  })
})

describe('R15: what the ledger forgets', () => {
  const rows = () => {
    const keys = [1, 2, 3, 4, 5].map((seq) => fixture.key(seq))
    return keys.filter((key) => fixture.engine.recall(key) !== undefined).map(({ seq }) => seq)
  }

  it('R15: rows go when their member says that it has the answers, and not before', () => {
    for (let seq = 1; seq <= 3; seq++) insert({ key: fixture.key(seq), member: MEMBER, answered: 0 })
    insert({ key: fixture.key(1, OTHER), member: OTHER, answered: 0 })
    expect(rows()).toEqual([1, 2, 3])
    insert({ key: fixture.key(4), member: MEMBER, answered: 2 })
    expect(rows()).toEqual([3, 4])
    expect(fixture.engine.recall(fixture.key(1, OTHER))).toBeDefined()
  })

  it('R15: a failed write prunes nothing', () => {
    insert({ key: fixture.key(1), member: MEMBER, answered: 0 })
    const failing = { key: fixture.key(2), member: MEMBER, answered: 1 }
    expect(() => fixture.run('insert into t(a) values (1), (1)', [], failing)).toThrow('UNIQUE')
    expect(rows()).toEqual([1])
  })

  it('R15: what was answered once is not run when it comes again late', () => {
    insert({ key: fixture.key(1), member: MEMBER, answered: 0 })
    insert({ key: fixture.key(2), member: MEMBER, answered: 1 })
    expect(errorOf(() => insert({ key: fixture.key(1), member: MEMBER, answered: 0 }))).toBeInstanceOf(
      OutcomeUnknownError,
    )
    expect(count()).toBe(2)
  })

  it('R15: another member may ask for a row, and never runs what is not there', () => {
    const first = insert({ key: fixture.key(1), member: MEMBER, answered: 0 })
    expect(insert({ key: fixture.key(1), member: OTHER, answered: 0 })).toEqual({ ...first, commit: null })
    const error = errorOf(() => insert({ key: fixture.key(2), member: OTHER, answered: 0 }))
    expect(error).toBeInstanceOf(OutcomeUnknownError)
    expect(error).toMatchObject({ outcome: 'unknown', requestId: `${MEMBER}:2` })
    expect(count()).toBe(1)
  })

  it('R15: of a member that is gone the newest row stays, and nothing of it runs any more, also after a takeover', () => {
    for (let seq = 1; seq <= 3; seq++) insert({ key: fixture.key(seq), member: MEMBER, answered: 0 })
    insert({ key: fixture.key(1, OTHER), member: OTHER, answered: 0 })
    insert(fixture.request({ key: { owner: '#kept', seq: 0 } }))
    const { version } = fixture.engine
    expect(fixture.engine.pruneOrphans(new Set([MEMBER, OTHER]))).toBeNull()
    expect(fixture.engine.pruneOrphans(new Set([OTHER]))).toMatchObject({
      version: version + 1,
      changes: { all: false, tables: {} },
    })
    expect(fixture.engine.pruneOrphans(new Set([OTHER]))).toBeNull()
    expect(rows()).toEqual([3])
    expect(fixture.engine.recall({ owner: '#kept', seq: 0 })).toBeDefined()
    for (const reopen of [false, true]) {
      if (reopen) fixture.reopen({ migrations: MIGRATIONS })
      const late = () => insert({ key: fixture.key(4), member: MEMBER, answered: 3 })
      expect(errorOf(late)).toBeInstanceOf(OutcomeUnknownError)
      expect(insert({ key: fixture.key(3), member: MEMBER, answered: 0 }).commit).toBeNull()
      expect(count()).toBe(5)
    }
    expect(insert({ key: fixture.key(2, OTHER), member: OTHER, answered: 0 }).commit).not.toBeNull()
  })
})
