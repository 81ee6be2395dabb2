import { beforeEach, describe, expect, it } from 'vitest'
import {
  AbortedError,
  ParameterError,
  StatementRefusedError,
  StatementTimeoutError,
} from '../errors/errors.ts'
import { memoryBlobs } from '../platform/simulated.ts'
import { createEngine } from '../primary/create-engine.ts'
import type { Commit, Engine } from '../primary/engine.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { Param, Position } from '../protocol/values.ts'
import { BUILD } from '../protocol/version.ts'
import { UNLIMITED } from '../sqlite/deadline.ts'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { createReplica, type Replica } from './replica.ts'

const sqlite = await loadSqlite()
const blobs = memoryBlobs()
const MEMBER = 'a'.repeat(32)
const SCHEMA = `create table t(a integer primary key, b); create virtual table f using fts5(body);
  insert into t values (1, 'one')`

let now = 0
let seq = 0
let engine: Engine
let replica: Replica

beforeEach(() => {
  const clock = { mono: () => now++ }
  engine = createEngine({
    sqlite,
    blobs,
    store: createMemoryStore(),
    clock,
    random: { id: () => '1'.repeat(32), number: () => 0 },
    options: { build: BUILD, migrations: [{ name: 'schema', sql: SCHEMA }], onProgress: () => {} },
    expectedIncarnation: null,
  })
  replica = createReplica({ sqlite, clock, blobs })
})

function position(): Position {
  const { incarnation, epoch, version } = engine
  return { incarnation, epoch, version }
}

function bootstrap(pagesAtOnce = 2) {
  replica.begin(engine.databaseSize)
  for (let from = 1; from <= engine.databaseSize; from += pagesAtOnce)
    replica.put(engine.readPages(from, pagesAtOnce))
  replica.finish(position())
}

function write(sql: string, follow = true): Commit {
  const request = { key: { owner: MEMBER, seq: ++seq }, member: MEMBER, answered: 0 }
  const { commit } = engine.execute({ op: 'script', sql }, request, UNLIMITED)
  if (commit === null) throw new Error(`${sql} wrote nothing`)
  if (follow) replica.applyDelta(commit.delta, position())
  return commit
}

function statement(sql: string, params: readonly Param[] = []): StatementCall {
  return { op: 'statement', sql, params, rows: 'all' }
}

function rows(sql: string, params: readonly Param[] = []) {
  const read = replica.read(statement(sql, params), UNLIMITED)
  return read.kind === 'rows' ? read.results[0]?.rows : read.kind
}

describe('a replica', () => {
  it('answers nothing before its first copy is complete', () => {
    expect(rows('select 1')).toBe('forward')
    replica.begin(engine.databaseSize)
    replica.put(engine.readPages(1, 1))
    expect(replica.position).toBeNull()
    expect(rows('select 1')).toBe('forward')
    expect(replica.isRead(statement('select 1'))).toBe(false)
  })

  it('reads its copy, and follows commits by their deltas', () => {
    bootstrap()
    expect(replica.position).toEqual(position())
    expect(replica.bytes).toBe(engine.databaseSize * 4096)
    expect(rows('select * from t')).toEqual([[1, 'one']])
    write("insert into t values (2, 'two'); insert into f values ('the butterfly')")
    expect(rows('select b from t where a = ?', [2])).toEqual([['two']])
    expect(rows("select body from f where f match 'butterfly'")).toEqual([['the butterfly']])
    expect(replica.position).toEqual(position())
  })

  it('gives the same page contents as the primary, but for the header words that are its own', () => {
    bootstrap()
    for (let i = 0; i < 20; i++)
      write(`insert into t(b) values (printf('%.3000c', 'x')); delete from t where a % 3 = 0`)
    const [mine, theirs] = [replica.readPages(1, 1000), engine.readPages(1, 1000)]
    for (const bytes of [mine.bytes, theirs.bytes]) for (const at of [18, 19]) bytes[at] = 0
    for (const bytes of [mine.bytes, theirs.bytes]) bytes.fill(0, 24, 28).fill(0, 92, 96)
    expect(mine).toEqual(theirs)
  })

  it('keeps its copy where a virtual table does not fit its content: the file is not at fault', () => {
    bootstrap()
    write(`create virtual table g using fts5(b, content='t', content_rowid='a');
      insert into g(rowid, b) values (1, 'one'), (5, 'gone')`)
    expect(() => rows("select b from g where g match 'gone'")).toThrow("'rebuild'")
    expect(rows("select b from g where g match 'one'")).toEqual([['one']])
  })

  it('follows schema changes, with statements that it had prepared before', () => {
    bootstrap()
    const all = () => replica.read(statement('select * from t'), UNLIMITED)
    expect(all()).toMatchObject({ results: [{ columns: ['a', 'b'] }] })
    write('alter table t add column c; create table u(x)')
    expect(all()).toMatchObject({ results: [{ columns: ['a', 'b', 'c'] }] })
    expect(rows('select * from u')).toEqual([])
    write('drop table u')
    expect(rows('select * from u')).toBe('forward')
  })

  it('R13: what names an unknown object is for the primary to judge', () => {
    bootstrap()
    write('create table u(x); insert into u values (1)', false)
    expect(rows('select * from u')).toBe('forward')
    expect(replica.isRead(statement('select * from u'))).toBe(false)
    expect(
      replica.read({ ...statement('select * from u'), readonly: true } as StatementCall, UNLIMITED),
    ).toMatchObject({ kind: 'forward', unknown: { code: 'SQL' } })
    bootstrap()
    expect(rows('select * from u')).toEqual([[1]])
  })

  it.each([
    'insert into t(b) values (1) returning a',
    'create table if not exists t(a)',
    'analyze',
    'pragma user_version = 3',
  ])('forwards what may write: %s', (sql) => {
    bootstrap()
    expect(rows(sql)).toBe('forward')
    expect(replica.isRead(statement(sql))).toBe(false)
  })

  it('refuses a write that was asked to be read-only', () => {
    bootstrap()
    const call = { op: 'statement', sql: 'delete from t', rows: 'none', readonly: true } as const
    expect(() => replica.read(call, UNLIMITED)).toThrow(StatementRefusedError)
    expect(replica.read({ ...call, sql: 'select a from t where 0' }, UNLIMITED)).toMatchObject({
      kind: 'rows',
      results: [{ columns: ['a'], rows: [] }],
    })
  })

  it.each([
    'select * from tutti_meta',
    'begin',
    "attach 'x' as y",
    'pragma query_only = 0',
    'select changes()',
    'vacuum',
  ])('R21, R22: refuses by itself what the primary would refuse: %s', (sql) => {
    bootstrap()
    expect(() => rows(sql)).toThrow(StatementRefusedError)
    expect(replica.isRead(statement(sql))).toBe(true)
  })

  it('answers a batch or a script of reads as one, and forwards it whole if one of them writes', () => {
    bootstrap()
    const read = (statements: readonly string[]) =>
      replica.read({ op: 'batch', statements: statements.map((sql) => ({ sql })) }, UNLIMITED)
    expect(read(['select 1', 'select b from t'])).toMatchObject({
      results: [{ rows: [[1]] }, { rows: [['one']] }],
    })
    expect(read(['select 1', 'delete from t'])).toEqual({ kind: 'forward' })
    expect(replica.read({ op: 'script', sql: 'select 1; select 2' }, UNLIMITED)).toEqual({
      kind: 'rows',
      results: [],
    })
    expect(replica.read({ op: 'script', sql: 'create table x(a); select * from x' }, UNLIMITED)).toEqual({
      kind: 'forward',
    })
  })

  it('a wrong parameter is an error at once', () => {
    bootstrap()
    expect(() => rows('select ?')).toThrow(ParameterError)
  })

  it('R23: an endless read ends by its deadline or its signal, and the next one is answered', () => {
    bootstrap()
    const endless = statement(
      'with recursive c(x) as (select 1 union all select x + 1 from c) select max(x) from c',
    )
    expect(() => replica.read(endless, { deadline: now + 300, cancelled: () => false })).toThrow(
      StatementTimeoutError,
    )
    expect(() => replica.read(endless, { ...UNLIMITED, cancelled: () => true })).toThrow(AbortedError)
    expect(rows('select 1')).toEqual([[1]])
  })

  it('drops a copy that turns out to be damaged, and asks the primary instead', () => {
    bootstrap()
    const { numbers, bytes, databaseSize } = replica.readPages(2, 1000)
    replica.applyDelta({ numbers, bytes: bytes.fill(0x5a), databaseSize }, position())
    expect(rows('select count(*) from t')).toBe('forward')
    expect(replica.position).toBeNull()
    bootstrap()
    expect(rows('select count(*) from t')).toEqual([[1]])
  })

  it('R28: its pages are enough for a new primary', () => {
    bootstrap()
    write("insert into t values (2, 'two')")
    const store = createMemoryStore()
    const { bytes } = replica.readPages(1, 1000)
    store.main.write(bytes, 0)
    const { incarnation, version } = engine
    const promoted = createEngine({
      sqlite,
      blobs,
      store,
      clock: { mono: () => now++ },
      random: { id: () => '2'.repeat(32), number: () => 0 },
      options: { build: BUILD, migrations: [{ name: 'schema', sql: SCHEMA }], onProgress: () => {} },
      expectedIncarnation: incarnation,
    })
    expect(promoted).toMatchObject({ incarnation, epoch: 2, version: version + 1 })
    expect(promoted.reaches({ incarnation, epoch: 1, version })).toBe(true)
    for (const { version: at, delta } of promoted.recovered) {
      if (at > version) replica.applyDelta(delta, { incarnation, epoch: 2, version: at })
    }
    expect(rows('select b from t')).toEqual([['one'], ['two']])
  })

  it('R2: its export is a plain database without the tables of Tutti', async () => {
    bootstrap()
    const snapshot = new Uint8Array(await replica.export().arrayBuffer())
    expect(new TextDecoder().decode(snapshot.subarray(0, 15))).toBe('SQLite format 3')
    const copy = createReplica({ sqlite, clock: { mono: () => now++ }, blobs })
    copy.begin(snapshot.length / 4096)
    copy.put({
      numbers: Uint32Array.from({ length: snapshot.length / 4096 }, (_, i) => i + 1),
      bytes: snapshot,
      databaseSize: snapshot.length / 4096,
    })
    copy.finish(position())
    const read = copy.read(
      statement("select name from sqlite_schema where type = 'table' and name not like 'f\\_%' escape '\\'"),
      UNLIMITED,
    )
    expect(read).toMatchObject({ results: [{ rows: [['t'], ['f']] }] })
  })

  it('gives its memory back', () => {
    bootstrap()
    replica.clear()
    expect(replica).toMatchObject({ position: null, bytes: 0 })
    bootstrap()
    expect(rows('select b from t')).toEqual([['one']])
    replica.close()
    expect(rows('select b from t')).toBe('forward')
  })
})
