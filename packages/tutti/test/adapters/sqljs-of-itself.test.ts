import initSqlJs from 'sql.js'
import { expect, test } from 'vitest'
import { importSnapshot, syncReader } from '../../src/adapters/sqljs.ts'
import { ParameterError, SqlError, StatementRefusedError } from '../../src/errors/errors.ts'
import { inWorlds, type Stage } from '../simulation/scenarios/stage.ts'
import { keep, settle } from './kept-snapshot.ts'

const LIMIT = 60_000
const { Database } = await initSqlJs()
type SqlJs = InstanceType<typeof Database>

const SCRIPT = `
  pragma user_version = 7;
  create table tune (id integer primary key, title text, cover blob, bpm real, plays integer, any_of);
  create unique index tune_title on tune (title);
  create table log (title text);
  create trigger tune_added after insert on tune begin insert into log values (new.title); end;
  create view titled as select id, title from tune where title is not null;
  insert into tune values
    (1, 'The Kesh', x'00ff', 112.5, 42, 'text'),
    (2, 'Morrison''s é😀', x'', 2.0, -5, 1.5),
    (3, '', null, null, 4294967296, x'01');`

/** What an old build of the app has saved, with all that it may hold. */
function exported(more = ''): Uint8Array {
  const db = new Database()
  db.exec(SCRIPT + more)
  const bytes = db.export()
  db.close()
  return bytes
}

/** A tab that has moved the file of sql.js in, from where the old build has kept it. */
async function moveIn(stage: Stage, bytes: Uint8Array) {
  const place = await keep(bytes)
  const { db } = await stage.open('A', { migrations: [], syncReads: true })
  const moved = await settle(stage, importSnapshot(db, place))
  expect(moved?.changed).toBe(false)
  expect(await settle(stage, moved?.confirm() ?? Promise.resolve(false))).toBe(true)
  await stage.settle(db.sync.refresh())
  return db
}

test(
  'R2.1 sqljs: a file of sql.js itself has all its values, its version, its index, its trigger and its view',
  inWorlds(1, async (stage) => {
    const db = await moveIn(stage, exported('insert into tune (id, plays) values (4, 9007199254740993);'))
    expect(await stage.settle(db.values('select * from tune'))).toEqual([
      [1, 'The Kesh', Uint8Array.of(0, 255), 112.5, 42, 'text'],
      [2, "Morrison's é😀", new Uint8Array(0), 2, -5, 1.5],
      [3, '', null, null, 2 ** 32, Uint8Array.of(1)],
      // sql.js would round it; its file does not.
      [4, null, null, null, 9007199254740993n, null],
    ])
    expect(await stage.settle(db.values('pragma user_version'))).toEqual([[7]])
    const explained = await stage.settle(db.all("explain query plan select * from tune where title = ''"))
    expect(JSON.stringify(explained)).toContain('tune_title')
    await stage.settle(db.run("insert into tune (title) values ('Banshee')"))
    expect(await stage.settle(db.values('select title from log where title is not null'))).toEqual([
      ['The Kesh'],
      ["Morrison's é😀"],
      [''],
      ['Banshee'],
    ])
    expect(await stage.settle(db.get('select count(*) as n from titled'))).toEqual({ n: 4 })
    const twice = stage.settle(db.run("insert into tune (title) values ('Banshee')"))
    await expect(twice).rejects.toMatchObject({ message: 'UNIQUE constraint failed: tune.title' })
  }),
  LIMIT,
)

/** What reads from either. */
type Reader = Pick<SqlJs, 'exec' | 'each' | 'prepare'>

/** Each is asked of sql.js and of the reader. */
const questions: Readonly<Record<string, (db: Reader) => unknown>> = {
  'a whole table': (db) => db.exec('select * from tune'),
  'no statement': (db) => [db.exec(''), db.exec('-- nothing')],
  'several statements, one without rows': (db) =>
    db.exec('select 1 as a; select 2 where 0; ; select 3 as b;'),
  'columns of one name': (db) => [
    db.exec('select 1 as a, 2 as a'),
    db.prepare('select 1 as a, 2 as a').getAsObject([]),
  ],
  'parameters by number': (db) => db.exec('select ?, ?2, ?1', [1, 'y']),
  'parameters by name': (db) => db.exec('select $a, :b, @c', { $a: 1, ':b': 'x', '@c': null }),
  'a blob as parameter': (db) => db.exec('select ?1, typeof(?1), length(?1)', [Uint8Array.of(1, 2)]),
  'numbers at their ends': (db) => db.exec('select 1e400, 0.1, 3.0, typeof(3.0), -0.0, 1e15'),
  'text with anything in it': (db) => db.exec("select 'a' || char(0) || 'b', '', 'é😀'"),
  'a view': (db) => db.exec('select * from titled order by id desc'),
  'a pragma': (db) => [db.exec('pragma user_version'), db.exec('pragma table_info(tune)')],
  'a recursive query': (db) =>
    db.exec('with recursive n(i) as (values (1) union all select i + 1 from n where i < 3) select i from n'),
  'functions of SQLite': (db) => db.exec("select json_object('a', 1), date('2026-01-01'), upper('x')"),
  'a statement before its first step': (db) => {
    const statement = db.prepare('select id, title as t, 1 + 1 from tune')
    return [statement.getColumnNames(), statement.get(), statement.getAsObject()]
  },
  'step by step to the end': (db) => {
    const statement = db.prepare('select id, cover from tune order by id')
    const seen: unknown[] = []
    while (statement.step()) seen.push(statement.get(), statement.getAsObject())
    return [...seen, statement.get(), statement.getAsObject(), statement.getSQL(), statement.free()]
  },
  'bound again and again': (db) => {
    const statement = db.prepare('select id, title from tune where id = ?')
    const got = [
      statement.get([1]),
      statement.getAsObject([2]),
      statement.get([9]),
      statement.getAsObject([9]),
    ]
    const bound = [statement.bind([3]), statement.step(), statement.get(), statement.step()]
    return [...got, ...bound]
  },
  'each row': (db) => {
    const seen: unknown[] = []
    db.each(
      'select id, title from tune where id < $id',
      { $id: 3 },
      (row) => seen.push(row),
      () => seen.push('done'),
    )
    return seen
  },
}

test(
  'P1.6 syncReader: gives what sql.js gives for the same file',
  inWorlds(1, async (stage) => {
    const bytes = exported()
    const reader = syncReader(await moveIn(stage, bytes)) satisfies Reader
    for (const [question, ask] of Object.entries(questions))
      expect(ask(reader), question).toStrictEqual(ask(new Database(bytes)))
  }),
  LIMIT,
)

test(
  'P1.6 syncReader: differs from sql.js where docs/sqljs.md says so',
  inWorlds(1, async (stage) => {
    const bytes = exported('insert into tune (plays) values (9007199254740993);')
    const old = new Database(bytes)
    const reader = syncReader(await moveIn(stage, bytes))
    const big = 'select plays from tune where id = 4'
    expect([old.exec(big)[0]?.values, reader.exec(big)[0]?.values]).toEqual([[[2 ** 53]], [[2n ** 53n + 1n]]])
    expect(old.exec('select ?, ?', [1])[0]?.values).toEqual([[1, null]])
    expect(() => reader.exec('select ?, ?', [1])).toThrow(ParameterError)
    expect(old.exec('select ?1; select ?1', [1])).toHaveLength(2)
    expect(() => reader.exec('select ?1; select ?1', [1])).toThrow(StatementRefusedError)
    expect(() => old.prepare('select nope')).toThrow('no such column: nope')
    const late = reader.prepare('select nope')
    expect(() => late.step()).toThrow(SqlError)
    expect(() => late.step()).toThrow('no such column: nope')
    const ends = [old, reader].map((db) => {
      const statement = db.prepare('select 1')
      return [statement.step(), statement.step(), statement.step()]
    })
    expect(ends).toEqual([
      [true, false, true],
      [true, false, false],
    ])
  }),
  LIMIT,
)
