import { type Generated, Kysely, sql } from 'kysely'
import { Migrator, NO_MIGRATIONS } from 'kysely/migration'
import { expect, expectTypeOf, test } from 'vitest'
import { live, TuttiDialect, type TuttiDialectOptions } from '../../src/adapters/kysely.ts'
import { SqlError, TransactionLostError } from '../../src/errors/errors.ts'
import { inWorlds, type Player, type Stage } from '../simulation/scenarios/stage.ts'

const LIMIT = 60_000

interface Schema {
  tune: { id: Generated<number>; title: string }
  note: { tune_ref: number | null; text: string }
}

const migrations = [
  {
    name: '1 schema',
    sql: `
      create table tune (id integer primary key, title text not null unique);
      create table note (tune_ref integer references tune deferrable initially deferred, text text not null);
      create view slow as select * from note where text = 'slow';`,
  },
]

interface Parts {
  readonly stage: Stage
  readonly kysely: Kysely<Schema>
  readonly a: Player
  readonly b: Player
}

/** A test in one world: two tabs, of which B, with Kysely, is not the primary. */
function withKysely(play: (parts: Parts) => Promise<void>, options: TuttiDialectOptions = {}) {
  return inWorlds(1, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], { migrations })
    await play({ stage, a, b, kysely: new Kysely({ dialect: new TuttiDialect(b.db, options) }) })
  })
}

function add(kysely: Pick<Kysely<Schema>, 'insertInto'>, title: string) {
  return kysely.insertInto('tune').values({ title }).executeTakeFirstOrThrow()
}

async function titles(kysely: Pick<Kysely<Schema>, 'selectFrom'>): Promise<string[]> {
  const rows = await kysely.selectFrom('tune').select('title').orderBy('id').execute()
  return rows.map(({ title }) => title)
}

/** The error of a promise that must fail. */
async function failure(stage: Stage, promise: Promise<unknown>): Promise<unknown> {
  return await stage.settle(
    promise.then(
      () => 'it did not fail',
      (error: unknown) => error,
    ),
  )
}

test(
  'P1.5 kysely: a live query gives the rows of its query, kept up to date',
  withKysely(async ({ stage, kysely, a, b }) => {
    await stage.settle(add(kysely, 'The Kesh'))
    const tunes = live(b.db, kysely.selectFrom('tune').selectAll().where('title', '>=', 'C').orderBy('title'))
    expectTypeOf(tunes.current).toEqualTypeOf<readonly { id: number; title: string }[] | undefined>()
    const results: (readonly { title: string }[])[] = []
    const stop = tunes.subscribe((rows) => results.push(rows))
    await stage.until(() => results.length === 1)
    await stage.settle(a.db.run("insert into tune (title) values ('Banshee'), ('Cooley''s')"))
    await stage.until(() => results.length === 2)
    expect(results[1]?.map(({ title }) => title)).toEqual(["Cooley's", 'The Kesh'])
    expect(results[1]?.[1]).toBe(results[0]?.[0])
    stop()
  }),
  LIMIT,
)

test(
  'kysely: queries give rows, and writes their numbers',
  withKysely(async ({ stage, kysely, a }) => {
    const ends = await stage.settle(
      (async () => ({
        inserted: await add(kysely, 'The Kesh'),
        returned: await kysely.insertInto('tune').values({ title: 'Cooley’s' }).returningAll().execute(),
        ignored: await kysely
          .insertInto('tune')
          .values({ title: 'The Kesh' })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst(),
        updated: await kysely.updateTable('tune').set({ title: 'x' }).where('id', '=', 1).executeTakeFirst(),
        all: await kysely.selectFrom('tune').selectAll().orderBy('id').execute(),
        none: await kysely.selectFrom('tune').selectAll().where('id', '=', 9).executeTakeFirst(),
        raw: await sql`select ${2} as two`.execute(kysely),
        rawWrite: await sql`insert into tune (title) values (${'y'})`.execute(kysely),
        deleted: await kysely.deleteFrom('tune').where('id', '>', 1).executeTakeFirst(),
      }))(),
    )
    expect(ends).toEqual({
      inserted: { insertId: 1n, numInsertedOrUpdatedRows: 1n },
      returned: [{ id: 2, title: 'Cooley’s' }],
      ignored: { insertId: undefined, numInsertedOrUpdatedRows: 0n },
      updated: { numUpdatedRows: 1n, numChangedRows: undefined },
      all: [
        { id: 1, title: 'x' },
        { id: 2, title: 'Cooley’s' },
      ],
      none: undefined,
      raw: { rows: [{ two: 2 }] },
      rawWrite: { rows: [], insertId: 3n, numAffectedRows: 1n },
      deleted: { numDeletedRows: 2n },
    })
    expect(await stage.settle(a.db.values('select title from tune'))).toEqual([['x']])
    const error = await failure(stage, add(kysely, 'x'))
    expect(error).toBeInstanceOf(SqlError)
    expect(error).toMatchObject({ resultCode: 2067, outcome: 'not-applied' })
  }),
  LIMIT,
)

test(
  'kysely: a stream gives all rows in chunks',
  withKysely(async ({ stage, kysely }) => {
    const streamed = await stage.settle(
      (async () => {
        for (const title of ['a', 'b', 'c']) await add(kysely, title)
        const rows: string[] = []
        for await (const { title } of kysely.selectFrom('tune').select('title').stream(2)) rows.push(title)
        return rows
      })(),
    )
    expect(streamed).toEqual(['a', 'b', 'c'])
  }),
  LIMIT,
)

test(
  'kysely: introspection lists tables and views with their columns, and none of Tutti’s own',
  withKysely(async ({ stage, kysely }) => {
    const tables = await stage.settle(kysely.introspection.getTables())
    expect(tables.map(({ name, isView }) => ({ name, isView }))).toEqual([
      { name: 'note', isView: false },
      { name: 'slow', isView: true },
      { name: 'tune', isView: false },
    ])
    expect(tables[2]?.columns).toMatchObject([
      { name: 'id', dataType: 'INTEGER', isAutoIncrementing: true },
      { name: 'title', dataType: 'TEXT', isNullable: false },
    ])
  }),
  LIMIT,
)

test(
  'P1.1 kysely: a transaction commits as one, unseen by others until then, or rolls back and throws what its callback threw',
  withKysely(async ({ stage, kysely, b }) => {
    const before = b.db.version
    const seen = await stage.settle(
      kysely.transaction().execute(async (trx) => {
        await add(trx, 'a')
        await add(trx, 'b')
        return { inside: await titles(trx), outside: await titles(kysely) }
      }),
    )
    expect(seen).toEqual({ inside: ['a', 'b'], outside: [] })
    expect(b.db.version).toBe(before + 1)
    const thrown = await failure(
      stage,
      kysely.transaction().execute(async (trx) => {
        await add(trx, 'undone')
        throw new RangeError('no')
      }),
    )
    expect(thrown).toEqual(new RangeError('no'))
    const refused = await failure(
      stage,
      kysely.transaction().execute(async (trx) => {
        await trx.insertInto('note').values({ text: 'of no tune', tune_ref: 9 }).execute()
      }),
    )
    expect(refused).toMatchObject({ code: 'SQL', outcome: 'not-applied' })
    expect(await stage.settle(titles(kysely))).toEqual(['a', 'b'])
    expect(await stage.settle(kysely.selectFrom('note').selectAll().execute())).toEqual([])
  }),
  LIMIT,
)

test(
  'kysely: a controlled transaction has savepoints, a commit and a rollback',
  withKysely(async ({ stage, kysely, a }) => {
    const controlled = async () => {
      const trx = await kysely.startTransaction().execute()
      await add(trx, 'a')
      const after = await trx.savepoint('sp"1').execute()
      await add(after, 'undone')
      await after.rollbackToSavepoint('sp"1').execute()
      await add(trx, 'b')
      await after.releaseSavepoint('sp"1').execute()
      await trx.commit().execute()
      const other = await kysely.startTransaction().execute()
      await add(other, 'undone')
      await other.rollback().execute()
    }
    await stage.settle(controlled())
    expect(await stage.settle(titles(kysely))).toEqual(['a', 'b'])
    expect((await stage.settle(a.db.status())).transaction).toBeNull()
  }),
  LIMIT,
)

test(
  'R19.1 kysely: a transaction whose primary died is an error, did not commit, and does not run again by itself',
  withKysely(
    async ({ stage, kysely, a }) => {
      let runs = 0
      const lost = stage.watch(
        kysely.transaction().execute(async (trx) => {
          runs++
          await add(trx, 'undone')
          a.tab.kill()
          await add(trx, 'undone too')
        }),
      )
      // Long before its deadlines: nobody waits for a second run that cannot come.
      expect(await stage.ended(lost)).toBeLessThan(30_000)
      expect(lost.error).toBeInstanceOf(TransactionLostError)
      expect(lost.error?.outcome).toBe('not-applied')
      expect(runs).toBe(1)
      await stage.settle(kysely.transaction().execute((trx) => add(trx, 'after')))
      expect(await stage.settle(titles(kysely))).toEqual(['after'])
    },
    { timeout: 60_000, idle: 60_000 },
  ),
  LIMIT,
)

test(
  'P4 R19.1 kysely: a transaction that is left open ends by its deadlines, and says so to whoever goes on with it',
  withKysely(
    async ({ stage, kysely, a }) => {
      for (const pause of [500, 3000]) {
        const trx = await stage.settle(kysely.startTransaction().execute())
        await stage.settle(add(trx, 'undone'))
        await stage.simulation.runFor(pause)
        expect(await failure(stage, add(trx, 'late'))).toMatchObject({ code: 'TRANSACTION_TIMEOUT' })
        expect(await failure(stage, trx.commit().execute())).toMatchObject({ code: 'TRANSACTION_TIMEOUT' })
        await stage.settle(trx.rollback().execute())
      }
      await stage.settle(a.db.run("insert into tune (title) values ('of another tab')"))
      expect(await stage.settle(titles(kysely))).toEqual(['of another tab'])
    },
    { idle: 300, timeout: 2000 },
  ),
  LIMIT,
)

test(
  'kysely: aborting stops the wait, and takes the query back where that is asked for',
  withKysely(async ({ stage, kysely, a }) => {
    const abort = async (inflightQueryAbortStrategy: 'ignore query' | 'cancel query') => {
      const controller = new AbortController()
      const { signal } = controller
      const long = stage.watch(a.db.run('delete from note /* takes 2000 ms */'))
      await stage.simulation.runFor(100)
      const query = sql`insert into tune (title) values (${inflightQueryAbortStrategy})`
      const ended = failure(stage, query.execute(kysely, { signal, inflightQueryAbortStrategy }))
      await stage.simulation.runFor(100)
      controller.abort(new RangeError('given up'))
      expect(await ended).toEqual(new RangeError('given up'))
      await stage.ended(long)
      await stage.rest()
    }
    await abort('cancel query')
    expect(await stage.settle(titles(kysely))).toEqual([])
    await abort('ignore query')
    expect(await stage.settle(titles(kysely))).toEqual(['ignore query'])
  }),
  LIMIT,
)

test(
  'kysely: two tabs that migrate by its own migrator do each migration once',
  withKysely(async ({ stage, kysely, a }) => {
    const other = new Kysely<Schema>({ dialect: new TuttiDialect(a.db) })
    let runs = 0
    const provider = {
      getMigrations: () =>
        Promise.resolve({
          '1': {
            up: async (db: Kysely<unknown>) => {
              runs++
              await db.schema.createTable('extra').addColumn('id', 'integer').execute()
            },
            down: async (db: Kysely<unknown>) => {
              await db.schema.dropTable('extra').execute()
            },
          },
        }),
    }
    const migrators = [kysely, other].map((db) => new Migrator({ db, provider }))
    const ends = await stage.settle(Promise.all(migrators.map((migrator) => migrator.migrateToLatest())))
    expect(ends.map(({ error }) => error)).toEqual([undefined, undefined])
    expect(runs).toBe(1)
    await stage.settle(sql`insert into extra values (1)`.execute(other))
    const down = await stage.settle(migrators[0]?.migrateTo(NO_MIGRATIONS) ?? Promise.reject(new Error()))
    expect(down.error).toBeUndefined()
  }),
  LIMIT,
)

test(
  'kysely: destroy() leaves the database open',
  withKysely(async ({ stage, kysely, b }) => {
    await stage.settle(titles(kysely))
    await stage.settle(kysely.destroy())
    expect(await stage.settle(b.db.values('select 1'))).toEqual([[1]])
  }),
  LIMIT,
)
