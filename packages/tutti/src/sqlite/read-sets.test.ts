import { beforeAll, describe, expect, it } from 'vitest'
import { Connection } from './connection.ts'
import { loadSqlite } from './load-sqlite.ts'
import { ReadSets } from './read-sets.ts'
import { StatementRunner } from './statement-runner.ts'

const sqlite = await loadSqlite()
const SCHEMA = `
  create table tune(id integer primary key, title text, mode text, rank int, shout as (upper(title)) virtual,
    size as (length(title)) stored, composer text collate nocase);
  create index by_mode on tune(mode, rank);
  create unique index by_composer on tune(composer, title);
  create table shouted(a, b);
  create index by_shout on shouted(upper(a));
  create table tag(tune int references tune(id), name text, unique(tune, name));
  create table player(id text primary key, name text);
  create table w(k text primary key, v) without rowid;
  create view dorian as select id, title from tune where mode = 'Dorian';
  create view recent as select title from tune where mode > date('now', '-7 days');
  create virtual table words using fts5(body);
  create virtual table titles using fts5(title, content='tune', content_rowid='id');
  create virtual table vocabulary using fts5vocab(words, 'row');
  create virtual table places using rtree(id, x0, x1);
  create table log(a);
  create trigger logs after insert on tune begin insert into log values (new.id); end;
  create table "ÉTÉ"(a, b)`

let connection: Connection
let sets: ReadSets

beforeAll(() => {
  connection = new Connection(sqlite, { file: ':memory:', vfs: 'unix' })
  connection.exec(SCHEMA)
  sets = new ReadSets(
    connection,
    new StatementRunner({ connection, clock: { mono: () => 0 }, onProgress: () => {} }),
  )
})

/** Table by table: its columns, `null` for any of them. */
function reads(sql: string) {
  const { everything, tables } = sets.of(sql)
  if (everything) return 'everything'
  return Object.fromEntries(
    [...tables].map(([name, { columns }]) => [name, columns === null ? null : [...columns].toSorted()]),
  )
}

function point(sql: string, table: string) {
  const found = sets.of(sql).tables.get(table)?.point
  return found === undefined ? undefined : (found.columns?.map(({ name }) => name) ?? 'rowid')
}

describe('P1.3 what a statement reads', () => {
  it.each([
    ['select title from tune', { tune: ['composer', 'title'] }],
    ['select composer, title, id from tune order by title', { tune: ['composer', 'id', 'title'] }],
    ['select rank, title from tune', { tune: ['rank', 'title'] }],
    ['select count(*) from TUNE', { tune: [] }],
    ['select count(*) from words', { words: null }],
    ["select title from tune where mode = 'x'", { tune: ['mode', 'rank', 'title'] }],
    ['select title from dorian', { tune: ['id', 'mode', 'rank', 'title'] }],
    ['with c as (select rank from tune) select max(rank) from c', { tune: ['mode', 'rank'] }],
    [
      'select exists (select 1 from tag where tag.tune = player.id) from player',
      { player: ['id'], tag: ['name', 'tune'] },
    ],
    ['select shout from tune', { tune: ['shout', 'title'] }],
    ['select size from tune', { tune: ['size'] }],
    ['select v from w', { w: null }],
    ['select b from shouted where upper(a) = ?', { shouted: null }],
    ['select body from words where words match ?', { words: null }],
    ['select id from places where x0 < 1', { places: null }],
    ['select value from json_each(?)', {}],
    ["select t.title from tune t, json_each('[1]') j where j.value = t.rank", { tune: ['rank', 'title'] }],
    ['select a from log', { log: ['a'] }],
    ['select name from sqlite_schema', {}],
    ['select a from "ÉTÉ"', { ÉtÉ: ['a'] }],
    ['select 1', {}],
    ['select name from player union all select name from tag', { player: ['name'], tag: ['name'] }],
    ["select title from tune where date(mode, '+1 day') < ?", { tune: ['mode', 'title'] }],
    ["select strftime('%Y', mode), count(*) from tune group by 1", { tune: ['mode', 'rank'] }],
    ["select strftime('%s', '2000-01-01', 'utc'), title from tune", { tune: ['composer', 'title'] }],
    ["select count(*) from tune where title = 'now'", { tune: ['composer', 'title'] }],
    ['select max(rank), avg(rank), group_concat(title) from tune', { tune: ['rank', 'title'] }],
    ['select rank, sum(rank) over (order by title) from tune', { tune: ['rank', 'title'] }],
  ])('%s', (sql, expected) => {
    expect(reads(sql)).toEqual(expected)
  })

  it('the columns of USING and NATURAL JOIN, of which the authorizer says nothing', () => {
    expect(reads('select player.name from player join tag using (name)')).toMatchObject({ tag: ['name'] })
    expect(reads('select count(*) from tune natural join player')).toMatchObject({ player: ['id'] })
  })

  it('an index whose order shows, also one that a bound pattern may choose', () => {
    expect(reads("select id from tune where mode > 'A'")).toEqual({ tune: ['id', 'mode', 'rank'] })
    expect(reads('select count(*) from player where name like ?')).toEqual({ player: ['id', 'name'] })
    expect(reads("select count(*) from player where name like 'a%'")).toEqual({ player: ['name'] })
  })

  it.each([
    'select * from pragma_table_info(?)',
    "select * from titles where titles match 'x'",
    'select * from vocabulary',
    'select * from dbstat',
    'select * from sqlite_stat1',
    'pragma user_version',
    'explain select 1',
    'select title from tune order by random()',
    'select hex(randomblob(4)) from tune',
    'select current_timestamp',
    "select title from tune where mode < datetime('now')",
    "select title from tune where mode < DATE('Now', '-1 day')",
    'select unixepoch() - rank from tune',
    "select unixepoch('subsec')",
    "select strftime('%Y') from tune",
    "select strftime('%Y'), rank, title from tune order by 2, 3",
    "select timediff('now', mode) from tune",
    'select title from recent',
  ])('everything: %s', (sql) => {
    if (sql.includes('sqlite_stat1')) connection.exec('analyze')
    sets.forget()
    expect(reads(sql)).toBe('everything')
  })
})

describe('P1.3 the one row that a statement reads', () => {
  it.each([
    ['select * from tune where id = ?', 'tune', 'rowid'],
    ['select title from tune where rowid = 5 and mode is not null', 'tune', 'rowid'],
    ['select count(*) from tune where id = $id', 'tune', 'rowid'],
    ['select * from tune where id = ? order by title limit 1', 'tune', 'rowid'],
    ['select * from player where id = ?', 'player', ['id']],
    ['select id from player where id = ?', 'player', ['id']],
    ['select * from tag where name = ? and tune = ?', 'tag', ['tune', 'name']],
    ['select tag.name, tune.title from tag, tune where tune.id = ? and tag.tune = tune.id', 'tune', 'rowid'],
    ['select title from player left join tune on tune.id = 3 where player.id = ?', 'tune', 'rowid'],
  ])('%s', (sql, table, key) => {
    expect(point(sql, table)).toEqual(key)
  })

  it.each([
    ['select * from tune', 'tune'],
    ['select * from tune where id in (?, ?)', 'tune'],
    ['select * from tune where id > ?', 'tune'],
    ['select * from tune where id = ? or rank = 1', 'tune'],
    ['select * from tune where id = ? union select * from tune where id = 2', 'tune'],
    ['select * from tag, tune where tune.id = tag.tune', 'tune'],
    ['select * from tag where tune = ?', 'tag'],
    ['select * from w where k = ?', 'w'],
    ['select * from tune a, tune b where a.id = 1 and b.rank = a.rank', 'tune'],
    ['select title from tune where id = (select max(tune) from tag)', 'tune'],
  ])('not: %s', (sql, table) => {
    expect(point(sql, table)).toBeUndefined()
  })

  it('is located by its parameters, positional or named, with the collation of its key', () => {
    connection.exec(`insert into tune(id, title, composer) values (7, 'The Kesh', 'Trad');
      insert into player values ('a', 'Ann')`)
    expect(sets.locate('select * from tune where id = ?', 'tune', [9])).toBe(9n)
    expect(sets.locate('select * from tune where id = $id', 'tune', { id: 2n ** 60n })).toBe(2n ** 60n)
    expect(sets.locate('select * from tune where id = ?', 'tune', ['9'])).toBeUndefined()
    expect(sets.locate('select * from player where id = ?', 'player', ['a'])).toBe(1n)
    expect(sets.locate('select * from player where id = ?', 'player', ['b'])).toBeNull()
    expect(sets.locate('select * from player where id = ?', 'player', [null])).toBeUndefined()
    const composed = 'select rank from tune where composer = $c and title = $t'
    expect(sets.locate(composed, 'tune', { $c: 'TRAD', t: 'The Kesh' })).toBe(7n)
  })
})
