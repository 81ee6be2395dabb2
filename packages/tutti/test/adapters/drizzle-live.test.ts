import { desc, eq, getTableColumns, relations, sql } from 'drizzle-orm'
import { customType, integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { expect, expectTypeOf, test } from 'vitest'
import { type DrizzleLiveQuery, drizzle, type TuttiDatabase } from '../../src/adapters/drizzle.ts'
import { ParameterError } from '../../src/errors/errors.ts'
import type { LiveInfo } from '../../src/index.ts'
import { inWorlds, type Player, type Stage } from '../simulation/scenarios/stage.ts'

const LIMIT = 60_000

const tune = sqliteTable('tune', {
  id: integer().primaryKey(),
  title: text().notNull(),
  learned: integer({ mode: 'boolean' }).notNull().default(false),
})
const note = sqliteTable('note', {
  id: integer().primaryKey(),
  title: text().notNull(),
  tuneRef: integer('tune_ref').references(() => tune.id),
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
    name: '1',
    sql: `
      create table tune (id integer primary key, title text not null, learned integer not null default 0);
      create table note (id integer primary key, title text not null, tune_ref integer references tune (id));`,
  },
]
type Orm = TuttiDatabase<typeof schema>

/** Two tabs: what A writes, B follows. */
function withOrm(play: (parts: { stage: Stage; orm: Orm; a: Player; b: Player }) => Promise<void>) {
  return inWorlds(1, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'], { migrations })
    await stage.settle(
      a.db.exec(`
        insert into tune (id, title, learned) values (1, 'The Kesh', 1), (2, 'Cooley''s', 0);
        insert into note (id, title, tune_ref) values (7, 'slow', 1)`),
    )
    await play({ stage, a, b, orm: drizzle(b.db, { schema }) })
  })
}

function follow<Row>(live: DrizzleLiveQuery<Row>) {
  const results: (readonly Row[])[] = []
  const infos: LiveInfo[] = []
  const errors: Error[] = []
  const stop = live.subscribe(
    (rows, info) => {
      results.push(rows)
      infos.push(info)
    },
    (error) => errors.push(error),
  )
  return { results, infos, errors, stop }
}

test(
  'P1.5 drizzle: a live select gives mapped rows, and those that did not change are the same objects',
  withOrm(async ({ stage, orm, a }) => {
    const live = orm.live(orm.select().from(tune).orderBy(desc(tune.id)))
    expectTypeOf(live.current).toEqualTypeOf<
      readonly { id: number; title: string; learned: boolean }[] | undefined
    >()
    expect(live.current).toBeUndefined()
    const heard = follow(live)
    await stage.until(() => heard.results.length === 1)
    expect(heard.results[0]).toEqual([
      { id: 2, title: "Cooley's", learned: false },
      { id: 1, title: 'The Kesh', learned: true },
    ])
    await stage.settle(a.db.run('update tune set learned = 1 where id = 2', [], { cause: 'learn' }))
    await stage.until(() => heard.results.length === 2)
    const [before, after] = heard.results
    expect(after?.[0]).toEqual({ id: 2, title: "Cooley's", learned: true })
    expect(after?.[1]).toBe(before?.[1])
    expect(live.current).toBe(after)
    expect(heard.infos.map(({ origin, cause }) => [origin, cause])).toEqual([
      ['initial', undefined],
      ['tab', 'learn'],
    ])
    heard.stop()
    expect(heard.errors).toEqual([])
  }),
  LIMIT,
)

test(
  'P1.5 drizzle: a live join keeps columns of one name apart, and says which side is not there',
  withOrm(async ({ stage, orm, a }) => {
    const live = orm.live(
      orm.select().from(tune).leftJoin(note, eq(note.tuneRef, tune.id)).where(eq(tune.learned, true)),
    )
    const heard = follow(live)
    await stage.until(() => heard.results.length === 1)
    const kesh = { id: 1, title: 'The Kesh', learned: true }
    expect(heard.results[0]).toEqual([{ tune: kesh, note: { id: 7, title: 'slow', tuneRef: 1 } }])
    await stage.settle(a.db.run('delete from note'))
    await stage.until(() => heard.results.length === 2)
    expect(heard.results[1]).toEqual([{ tune: kesh, note: null }])
  }),
  LIMIT,
)

test(
  'P1.5 drizzle: live relational queries nest; one for the first row is a list of at most one',
  withOrm(async ({ stage, orm, a }) => {
    const many = orm.live(orm.query.tune.findMany({ columns: { title: true }, with: { notes: true } }))
    const first = orm.live(orm.query.note.findFirst({ with: { tune: true } }))
    expectTypeOf(many.current).toEqualTypeOf<
      readonly { title: string; notes: { id: number; title: string; tuneRef: number | null }[] }[] | undefined
    >()
    type Note = NonNullable<typeof first.current>[number]
    expectTypeOf<Note['tune']>().toEqualTypeOf<{ id: number; title: string; learned: boolean } | null>()
    const [all, one] = [follow(many), follow(first)]
    await stage.until(() => all.results.length === 1 && one.results.length === 1)
    expect(all.results[0]).toEqual([
      { title: 'The Kesh', notes: [{ id: 7, title: 'slow', tuneRef: 1 }] },
      { title: "Cooley's", notes: [] },
    ])
    expect(one.results[0]).toEqual([
      { id: 7, title: 'slow', tuneRef: 1, tune: { id: 1, title: 'The Kesh', learned: true } },
    ])
    await stage.settle(a.db.run("insert into note (title, tune_ref) values ('fast', 2)"))
    await stage.until(() => all.results.length === 2)
    expect(all.results[1]?.[1]?.notes).toEqual([{ id: 8, title: 'fast', tuneRef: 2 }])
    expect(all.results[1]?.[0]).toBe(all.results[0]?.[0])
    await stage.settle(a.db.run('delete from note'))
    await stage.until(() => one.results.length === 2)
    expect(one.results[1]).toEqual([])
  }),
  LIMIT,
)

test(
  'P1.5 drizzle: equal SQL with other names is another query for whoever compares keys, and one run',
  withOrm(async ({ stage, orm, b }) => {
    const title = orm.live(orm.select({ title: tune.title }).from(tune))
    const again = orm.live(orm.select({ title: tune.title }).from(tune))
    const name = orm.live(orm.select({ name: tune.title }).from(tune))
    expect([again.key === title.key, name.key === title.key]).toEqual([true, false])
    const [titles, names] = [follow(title), follow(name)]
    await stage.until(() => titles.results.length === 1 && names.results.length === 1)
    expect([titles.results[0]?.[0], names.results[0]?.[0]]).toEqual([
      { title: 'The Kesh' },
      { name: 'The Kesh' },
    ])
    expect((await stage.settle(b.db.status())).live).toBe(1)
  }),
  LIMIT,
)

test(
  'P1.5 drizzle: for await gives mapped rows; what cannot be mapped is an error, and the query goes on',
  withOrm(async ({ stage, orm, a, b }) => {
    const strict = customType<{ data: string; driverData: string }>({
      dataType: () => 'text',
      fromDriver(value) {
        if (value === 'bad') throw new RangeError('cannot be read')
        return value.toUpperCase()
      },
    })
    const loud = sqliteTable('tune', { id: integer().primaryKey(), title: strict().notNull() })
    const live = orm.live(orm.select(getTableColumns(loud)).from(loud).orderBy(loud.id))
    const heard = follow(live)
    await stage.until(() => heard.results.length === 1)
    await stage.settle(a.db.run("update tune set title = 'bad' where id = 1"))
    await stage.until(() => heard.errors.length === 1)
    expect([heard.errors, live.current]).toEqual([[new RangeError('cannot be read')], undefined])
    await stage.settle(a.db.run("update tune set title = 'good' where id = 1"))
    await stage.until(() => heard.results.length === 2)
    expect(heard.results[1]?.[0]).toEqual({ id: 1, title: 'GOOD' })
    const seen: unknown[] = []
    const loop = (async () => {
      for await (const rows of live) {
        seen.push(rows)
        await b.db.close()
      }
    })()
    await stage.settle(loop)
    expect(seen).toEqual([heard.results[1]])
  }),
  LIMIT,
)

test(
  'P1.5 drizzle: a live query with placeholders is refused, and one that writes is an error',
  withOrm(async ({ stage, orm }) => {
    const query = orm
      .select()
      .from(tune)
      .where(eq(tune.id, sql.placeholder('id')))
    expect(() => orm.live(query)).toThrow(ParameterError)
    const heard = follow(orm.live(orm.insert(tune).values({ title: 'x' }).returning()))
    await stage.until(() => heard.errors.length === 1)
    expect(heard.errors).toMatchObject([{ code: 'STATEMENT_REFUSED' }])
  }),
  LIMIT,
)
