import { asc, eq, relations, sql } from 'drizzle-orm'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import { drizzle, drizzleSync } from '../../src/adapters/drizzle.ts'
import { syncReader } from '../../src/adapters/sqljs.ts'
import { ParameterError, StatementRefusedError } from '../../src/errors/errors.ts'
import { inWorlds, type Player } from '../simulation/scenarios/stage.ts'

const LIMIT = 60_000

const bytes = customType<{ data: Uint8Array }>({ dataType: () => 'blob' })
const tune = sqliteTable('tune', { id: integer().primaryKey(), title: text().notNull(), cover: bytes() })
const note = sqliteTable('note', { id: integer().primaryKey(), title: text(), tuneRef: integer('tune_ref') })
const schema = {
  tune,
  note,
  tuneRelations: relations(tune, ({ many }) => ({ notes: many(note) })),
  noteRelations: relations(note, ({ one }) => ({
    tune: one(tune, { fields: [note.tuneRef], references: [tune.id] }),
  })),
}

const migrations = [
  {
    name: '1 schema',
    sql: `create table tune (id integer primary key, title text not null, cover blob);
      create table note (id integer primary key, title text, tune_ref integer);
      insert into tune values (1, 'The Kesh', x'00ff'), (2, 'Morrison''s', null);
      insert into note values (1, 'G', 1), (2, 'A', 1);`,
  },
]

/** A test in one world, in the tab that is not the primary. */
function withSync(play: (db: Player['db']) => Promise<void>) {
  return inWorlds(1, async (stage) => {
    const [, b] = await stage.openAll(['A', 'B'], { migrations, syncReads: true })
    await stage.settle(play(b.db))
  })
}

test(
  'P1.6 drizzleSync: queries and relational queries give rows without a promise, own writes included',
  withSync(async (db) => {
    const now = drizzleSync(db, { schema })
    await drizzle(db, { schema }).insert(tune).values({ title: 'Banish Misfortune' })
    expect(now.select({ title: tune.title }).from(tune).orderBy(asc(tune.id)).all()).toEqual([
      { title: 'The Kesh' },
      { title: "Morrison's" },
      { title: 'Banish Misfortune' },
    ])
    expect(now.select().from(tune).where(eq(tune.id, 1)).get()).toEqual({
      id: 1,
      title: 'The Kesh',
      cover: Uint8Array.of(0, 255),
    })
    expect(now.select().from(tune).where(eq(tune.id, 9)).get()).toBe(undefined)
    expect(
      now.select({ id: tune.id, other: note.id }).from(tune).leftJoin(note, eq(note.id, 9)).values(),
    ).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ])
    const withNotes = { with: { notes: true }, where: eq(tune.id, 1) } as const
    const expected = { id: 1, title: 'The Kesh', notes: [{ title: 'G' }, { title: 'A' }] }
    expect(now.query.tune.findFirst({ ...withNotes, columns: { cover: false } }).sync()).toMatchObject(
      expected,
    )
    expect(now.query.tune.findMany({ columns: { id: true } }).sync()).toHaveLength(3)
    expect(now.all(sql`select count(*) as n from ${note}`)).toEqual([{ n: 2 }])
    expect(now.get(sql`select count(*) as n from ${note}`)).toEqual({ n: 2 })
  }),
  LIMIT,
)

test(
  'P1.6 drizzleSync: what writes is refused, and names what to use',
  withSync(async (db) => {
    const now = drizzleSync(db, { schema })
    expect(() => now.insert(tune).values({ title: 'x' }).run()).toThrow(StatementRefusedError)
    expect(() => now.delete(tune).returning().all()).toThrow('await db.run()')
    expect(() => now.transaction()).toThrow('await drizzle(db).transaction()')
    expect(now.$client.sync.get('select count(*) as n from tune')).toEqual({ n: 2 })
  }),
  LIMIT,
)

test(
  'P1.6 syncReader: exec, each and prepared statements are those of sql.js',
  withSync(async (db) => {
    const reader = syncReader(db)
    expect(reader.exec('select id, title from tune; select 1 where 0; select 2 as two')).toEqual([
      {
        columns: ['id', 'title'],
        values: [
          [1, 'The Kesh'],
          [2, "Morrison's"],
        ],
      },
      { columns: ['two'], values: [[2]] },
    ])
    expect(reader.exec('select title from tune where id = $id', { $id: 2 })[0]?.values).toEqual([
      ["Morrison's"],
    ])
    const seen: unknown[] = []
    reader.each(
      'select id from tune where id < ?',
      [9],
      (row) => seen.push(row),
      () => seen.push('done'),
    )
    expect(seen).toEqual([{ id: 1 }, { id: 2 }, 'done'])

    const statement = reader.prepare('select id, title from tune where id >= ? order by id')
    expect(statement.getAsObject([2])).toEqual({ id: 2, title: "Morrison's" })
    expect(statement.step()).toBe(false)
    statement.bind([1])
    expect(statement.getColumnNames()).toEqual(['id', 'title'])
    const rows: unknown[] = []
    while (statement.step()) rows.push(statement.get())
    expect(rows).toEqual([
      [1, 'The Kesh'],
      [2, "Morrison's"],
    ])
    expect([statement.step(), statement.get(), statement.getAsObject()]).toEqual([false, [], {}])
    await db.run('delete from tune where id = 1')
    statement.reset()
    expect([statement.step(), statement.get()]).toEqual([true, [2, "Morrison's"]])
    expect(statement.free()).toBe(true)
    expect(() => statement.step()).toThrow(ParameterError)
  }),
  LIMIT,
)

test(
  'P1.6 syncReader: what writes is refused, and names what to use',
  withSync(async (db) => {
    const reader = syncReader(db)
    for (const write of [
      () => reader.run("insert into tune (title) values ('x')"),
      () => reader.exec('select 1; delete from tune'),
      () => reader.prepare('delete from tune where id = ?').run([1]),
    ]) {
      expect(write).toThrow(StatementRefusedError)
      expect(write).toThrow('await db.run()')
    }
    expect(() => reader.export()).toThrow('await db.export()')
    reader.close()
    expect(reader.exec('select count(*) from tune')[0]?.values).toEqual([[2]])
  }),
  LIMIT,
)
