import { DrizzleQueryError, desc, eq, relations, sql, TransactionRollbackError } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { expect, test } from 'vitest'
import { drizzle, type TuttiDatabase } from '../../src/adapters/drizzle.ts'
import { SqlError, TransactionLostError } from '../../src/errors/errors.ts'
import { inWorlds, type Player, type Stage } from '../simulation/scenarios/stage.ts'

const LIMIT = 60_000

const tune = sqliteTable('tune', {
  id: integer().primaryKey(),
  title: text().notNull().unique(),
  learned: integer({ mode: 'boolean' }).notNull().default(false),
  tags: text({ mode: 'json' }).$type<string[]>(),
})
const note = sqliteTable('note', {
  id: integer().primaryKey(),
  title: text().notNull(),
  tuneRef: integer().references(() => tune.id),
})
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
    sql: `
      create table tune (
        id integer primary key, title text not null unique, learned integer not null default 0, tags text
      );
      create table note (id integer primary key, title text not null, tune_ref integer references tune (id));`,
  },
]

type Orm = TuttiDatabase<typeof schema>

/** A test in one world: two tabs, of which B, with drizzle, is not the primary. */
function withOrm(
  play: (parts: { stage: Stage; orm: Orm; a: Player; b: Player; log: string[] }) => Promise<void>,
) {
  return inWorlds(1, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], { migrations })
    const log: string[] = []
    const logger = { logQuery: (query: string) => void log.push(query) }
    await play({ stage, a, b, log, orm: drizzle(b.db, { schema, casing: 'snake_case', logger }) })
  })
}

const titles = (orm: Pick<Orm, 'select'>) => orm.select({ title: tune.title }).from(tune).orderBy(tune.id)

test(
  'drizzle: the builders write and read, with columns mapped',
  withOrm(async ({ stage, orm, a, log }) => {
    const ends = await stage.settle(
      (async () => ({
        inserted: await orm.insert(tune).values([
          { id: 1, title: 'The Kesh', tags: ['jig'] },
          { id: 2, title: 'Cooley’s', learned: true },
        ]),
        returned: await orm.insert(note).values({ id: 7, title: 'slow', tuneRef: 1 }).returning(),
        updated: await orm
          .update(tune)
          .set({ learned: true })
          .where(eq(tune.id, 1))
          .returning({ id: tune.id }),
        all: await orm.select().from(tune).orderBy(desc(tune.id)),
        get: await orm.select().from(tune).where(eq(tune.id, 2)).get(),
        none: await orm.select().from(tune).where(eq(tune.id, 9)).get(),
        values: await orm.select({ id: tune.id, again: tune.id }).from(tune).orderBy(tune.id).values(),
        joined: await orm.select().from(tune).innerJoin(note, eq(note.tuneRef, tune.id)),
        count: await orm.$count(tune, eq(tune.learned, true)),
        ignored: await orm.insert(tune).values({ id: 3, title: 'The Kesh' }).onConflictDoNothing(),
        deleted: await orm.delete(tune).where(eq(tune.id, 2)),
      }))(),
    )
    expect(ends).toEqual({
      inserted: { changes: 2, lastInsertRowid: 2 },
      returned: [{ id: 7, title: 'slow', tuneRef: 1 }],
      updated: [{ id: 1 }],
      all: [
        { id: 2, title: 'Cooley’s', learned: true, tags: null },
        { id: 1, title: 'The Kesh', learned: true, tags: ['jig'] },
      ],
      get: { id: 2, title: 'Cooley’s', learned: true, tags: null },
      none: undefined,
      values: [
        [1, 1],
        [2, 2],
      ],
      joined: [
        {
          tune: { id: 1, title: 'The Kesh', learned: true, tags: ['jig'] },
          note: { id: 7, title: 'slow', tuneRef: 1 },
        },
      ],
      count: 2,
      ignored: { changes: 0, lastInsertRowid: expect.anything() },
      deleted: { changes: 1, lastInsertRowid: expect.anything() },
    })
    expect(log).toHaveLength(11)
    expect(await stage.settle(a.db.values('select title from tune'))).toEqual([['The Kesh']])
  }),
  LIMIT,
)

test(
  'drizzle: relational queries nest what belongs together',
  withOrm(async ({ stage, orm }) => {
    const found = await stage.settle(
      (async () => {
        await orm.insert(tune).values({ id: 1, title: 'The Kesh' })
        await orm.insert(note).values([
          { id: 1, title: 'slow', tuneRef: 1 },
          { id: 2, title: 'fast', tuneRef: 1 },
        ])
        return {
          many: await orm.query.tune.findMany({ columns: { title: true }, with: { notes: true } }),
          first: await orm.query.note.findFirst({ where: eq(note.id, 2), with: { tune: true } }),
          none: await orm.query.note.findFirst({ where: eq(note.id, 9) }),
        }
      })(),
    )
    expect(found).toEqual({
      many: [
        {
          title: 'The Kesh',
          notes: [
            { id: 1, title: 'slow', tuneRef: 1 },
            { id: 2, title: 'fast', tuneRef: 1 },
          ],
        },
      ],
      first: {
        id: 2,
        title: 'fast',
        tuneRef: 1,
        tune: { id: 1, title: 'The Kesh', learned: false, tags: null },
      },
      none: undefined,
    })
  }),
  LIMIT,
)

test(
  'drizzle: raw SQL gives objects, or arrays where it is asked for values; prepared queries take their parameters each time',
  withOrm(async ({ stage, orm }) => {
    const byId = orm
      .select({ title: tune.title })
      .from(tune)
      .where(eq(tune.id, sql.placeholder('id')))
      .prepare()
    const ends = await stage.settle(
      (async () => ({
        run: await orm.run(sql`insert into tune (id, title) values (${1}, ${'The Kesh'}), (2, 'Cooley''s')`),
        all: await orm.all(sql`select id, title from tune where id = ${2}`),
        get: await orm.get(sql`select id, title from tune order by id`),
        none: await orm.get(sql`select id from tune where 0`),
        values: await orm.values(sql`select id, id from tune where id = ${1}`),
        prepared: [await byId.all({ id: 1 }), await byId.all({ id: 2 }), await byId.get({ id: 2 })],
      }))(),
    )
    expect(ends).toEqual({
      run: { changes: 2, lastInsertRowid: 2 },
      all: [{ id: 2, title: "Cooley's" }],
      get: { id: 1, title: 'The Kesh' },
      none: undefined,
      values: [[1, 1]],
      prepared: [[{ title: 'The Kesh' }], [{ title: "Cooley's" }], { title: "Cooley's" }],
    })
  }),
  LIMIT,
)

test(
  'drizzle: a batch is one commit, and each query has its own kind of result',
  withOrm(async ({ stage, orm, b }) => {
    const before = b.db.version
    const results = await stage.settle(
      orm.batch([
        orm.insert(tune).values({ id: 1, title: 'The Kesh' }),
        orm.insert(note).values({ id: 1, title: 'slow', tuneRef: 1 }).returning(),
        orm.select().from(tune).innerJoin(note, eq(note.tuneRef, tune.id)),
        orm.query.tune.findFirst({ columns: { id: true }, with: { notes: { columns: { id: true } } } }),
        orm.all(sql`select 1 as one`),
        orm.get(sql`select 2 as two`),
        orm.values(sql`select 3 as x, 4 as x`),
        orm.run(sql`update note set title = 'fast'`),
      ]),
    )
    expect(results).toEqual([
      { changes: 1, lastInsertRowid: 1 },
      [{ id: 1, title: 'slow', tuneRef: 1 }],
      [
        {
          tune: { id: 1, title: 'The Kesh', learned: false, tags: null },
          note: { id: 1, title: 'slow', tuneRef: 1 },
        },
      ],
      { id: 1, notes: [{ id: 1 }] },
      [{ one: 1 }],
      { two: 2 },
      [[3, 4]],
      { changes: 1, lastInsertRowid: expect.anything() },
    ])
    expect(b.db.version).toBe(before + 1)
  }),
  LIMIT,
)

test(
  'drizzle: of a batch that fails nothing is there, whether it gives rows or not',
  withOrm(async ({ stage, orm, b }) => {
    const twice = () => orm.insert(tune).values({ id: 1, title: 'The Kesh' })
    const written = stage.watch(orm.batch([twice(), twice()]))
    await stage.ended(written)
    const read = stage.watch(orm.batch([twice(), orm.select().from(tune), twice().returning()]))
    await stage.ended(read)
    for (const { error } of [written, read]) {
      expect(error).toMatchObject({ code: 'SQL', outcome: 'not-applied' })
    }
    expect(await stage.settle(b.db.values('select * from tune'))).toEqual([])
  }),
  LIMIT,
)

test(
  'drizzle: a transaction commits, a nested one is a savepoint, and both roll back on rollback() or an error',
  withOrm(async ({ stage, orm, b }) => {
    const before = b.db.version
    const add = (tx: Pick<Orm, 'insert'>, title: string) => tx.insert(tune).values({ title })
    const result = await stage.settle(
      orm.transaction(
        async (tx) => {
          await add(tx, 'outer')
          await expect(
            tx.transaction(async (inner) => {
              await add(inner, 'undone')
              await inner.transaction((innermost) => add(innermost, 'undone with it'))
              inner.rollback()
            }),
          ).rejects.toThrow(TransactionRollbackError)
          await tx.transaction((inner) => add(inner, 'nested'))
          return await titles(tx)
        },
        { behavior: 'immediate', idle: 900 },
      ),
    )
    expect(result).toEqual([{ title: 'outer' }, { title: 'nested' }])
    expect(b.db.version).toBe(before + 1)

    const ends = await stage.settle(
      Promise.allSettled([
        orm.transaction(async (tx) => {
          await add(tx, 'undone')
          tx.rollback()
        }),
        orm.transaction(async (tx) => {
          await add(tx, 'undone')
          throw new RangeError('no')
        }),
      ]),
    )
    expect(ends).toMatchObject([
      { reason: expect.any(TransactionRollbackError) },
      { reason: expect.any(RangeError) },
    ])
    expect(await stage.settle(titles(orm).all())).toEqual(result)
  }),
  LIMIT,
)

test(
  "drizzle: an error is drizzle's own, with the library's as its cause",
  withOrm(async ({ stage, orm }) => {
    const insert = () => orm.insert(tune).values({ title: 'The Kesh' })
    const error = await stage.settle(
      insert()
        .then(insert)
        .catch((reason: unknown) => reason),
    )
    expect(error).toBeInstanceOf(DrizzleQueryError)
    expect(error).toMatchObject({ cause: expect.any(SqlError) })
    expect(error).toMatchObject({ cause: { resultCode: 2067, outcome: 'not-applied' } })
  }),
  LIMIT,
)

test(
  'R18 drizzle: where SQLite ended the transaction by itself, a nested one throws why, not that it cannot roll back',
  withOrm(async ({ stage, orm }) => {
    await stage.settle(orm.insert(tune).values({ id: 1, title: 'The Kesh' }).run())
    const ended = orm.transaction((tx) =>
      tx.transaction(async (nested) => {
        await nested.run(sql`insert or rollback into tune (id, title) values (1, 'twice')`)
      }),
    )
    const error = await stage.settle(ended.catch((reason: unknown) => reason))
    expect(error).toMatchObject({ cause: expect.any(SqlError) })
  }),
  LIMIT,
)

test(
  'P3.2 R19.1 drizzle: the callback runs again where the primary died before the commit, and its rows are there once',
  withOrm(async ({ stage, orm, a, b }) => {
    let runs = 0
    const add = () =>
      orm.transaction(async (tx) => {
        runs++
        await tx.insert(tune).values({ title: 'The Kesh' })
        if (runs === 1) a.tab.kill()
        await tx.insert(note).values({ title: 'slow' })
        return await titles(tx)
      })
    expect(await stage.settle(add())).toEqual([{ title: 'The Kesh' }])
    expect(runs).toBe(2)
    expect(await stage.settle(b.db.values('select count(*) from note'))).toEqual([[1]])
  }),
  LIMIT,
)

test(
  'R19.1 drizzle: with retry off, a lost transaction is an error, and nothing of it is there',
  withOrm(async ({ stage, orm, a, b }) => {
    const lost = orm.transaction(
      async (tx) => {
        await tx.insert(tune).values({ title: 'The Kesh' })
        a.tab.kill()
        await tx.transaction((inner) => inner.insert(note).values({ title: 'slow' }))
      },
      { retry: false },
    )
    const error = await stage.settle(lost.catch((reason: unknown) => reason))
    expect(error).toMatchObject({ cause: expect.any(TransactionLostError) })
    expect(await stage.settle(b.db.values('select * from tune'))).toEqual([])
  }),
  LIMIT,
)
