import type { Prng } from '../../src/platform/simulated.ts'

export interface RandomTable {
  readonly name: string
  readonly columns: readonly string[]
  /** Sets of columns of which each is unique; `rowid` is one where the table has it. */
  readonly keys: readonly (readonly string[])[]
  /** Columns that may be written. */
  readonly writable: readonly string[]
}

export interface RandomSchema {
  readonly sql: string
  readonly tables: readonly RandomTable[]
  readonly views: readonly RandomTable[]
}

const TABLES: readonly (RandomTable & { readonly sql: string })[] = [
  {
    name: 'p',
    sql: 'create table p (id integer primary key, a, b, c text)',
    columns: ['id', 'a', 'b', 'c'],
    keys: [['id'], ['rowid']],
    writable: ['a', 'b', 'c'],
  },
  {
    name: 'q',
    sql: `create table q (k text primary key, a int, b, d text collate nocase, p references p on delete cascade,
      g as (a || coalesce(b, 'x')), s as (length(k)) stored, unique (a, d))`,
    columns: ['k', 'a', 'b', 'd', 'p', 'g', 's'],
    keys: [['k'], ['a', 'd'], ['rowid']],
    writable: ['a', 'b', 'd', 'p'],
  },
  {
    name: 'w',
    sql: 'create table w (k text, n int, a, b, primary key (k, n)) without rowid',
    columns: ['k', 'n', 'a', 'b'],
    keys: [['k', 'n']],
    writable: ['a', 'b', 'n'],
  },
  {
    name: 'plain',
    sql: 'create table plain (a, b, c)',
    columns: ['a', 'b', 'c'],
    keys: [['rowid']],
    writable: ['a', 'b', 'c'],
  },
]

const INDEXES = [
  'create index i1 on p (a, b)',
  'create index i2 on p (c)',
  'create unique index i3 on p (c, id)',
  'create index i4 on q (b) where a > 2',
  'create index i5 on q (upper(d))',
  'create index i6 on plain (b desc, a)',
  'create index i7 on w (a)',
]

const TRIGGERS = [
  'create trigger t1 after insert on p begin insert into plain values (new.a, new.b, new.c); end',
  'create trigger t2 after update of a on p begin update q set b = new.a where p = new.id; end',
  'create trigger t3 after delete on q begin delete from plain where a = old.a; end',
  'create trigger t4 after update on plain begin update w set a = new.b where k = new.a; end',
]

/** Full text with a copy of its own, and over the rows of `p`. */
const TEXT = `
  create virtual table own using fts5(body);
  create virtual table outer_text using fts5(c, content='p', content_rowid='id');
  create trigger f1 after insert on p begin insert into outer_text(rowid, c) values (new.id, new.c); end`

const VIEWS: readonly (RandomTable & { readonly sql: string })[] = [
  view('v1', 'select id, a, c from p where b > 1 or c is not null', ['id', 'a', 'c']),
  view('v2', 'select p.a as a, q.b as b, count(*) as n from p left join q on q.p = p.id group by 1, 2', [
    'a',
    'b',
    'n',
  ]),
  view('v3', 'select a, b from plain union all select a, b from w', ['a', 'b']),
]

/** A small schema: which of its indexes and triggers there are, the seed decides. */
export function randomSchema(prng: Prng): RandomSchema {
  const some = (list: readonly string[]) => list.filter(() => prng.number() < 0.5)
  const parts = [
    ...TABLES.map(({ sql }) => sql),
    TEXT,
    ...VIEWS.map(({ sql }) => sql),
    ...some(INDEXES),
    ...some(TRIGGERS),
  ]
  return { sql: parts.join(';\n'), tables: TABLES, views: VIEWS }
}

/** A change of the schema that the others may be written under. */
export function randomDdl(prng: Prng): string {
  const name = prng.below(1000)
  return prng.pick([
    `create index if not exists extra on p (${prng.pick(['a', 'b', 'c'])})`,
    'drop index if exists extra',
    'drop index if exists i1',
    `create table if not exists other${name} (x)`,
    `alter table plain add column x${name} default ${prng.below(3)}`,
    'analyze',
    'drop trigger if exists t1',
    'drop view v1; create view v1 as select id, b as a, c from p',
  ])
}

function view(name: string, select: string, columns: readonly string[]) {
  return { name, sql: `create view ${name} as ${select}`, columns, keys: [], writable: [] }
}
