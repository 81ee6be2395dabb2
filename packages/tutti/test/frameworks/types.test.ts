import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { expectTypeOf, test } from 'vitest'
import type { TuttiDatabase } from '../../src/adapters/drizzle.ts'
import type { useLiveQuery as useReact, useSuspenseLiveQuery } from '../../src/adapters/react.ts'
import type { createLiveQuery } from '../../src/adapters/solid.ts'
import type { liveQuery } from '../../src/adapters/svelte.ts'
import type { useLiveQuery as useVue } from '../../src/adapters/vue.ts'
import type { Database, LiveQuery, LiveSource } from '../../src/index.ts'
import type { Tune } from './contract.ts'

const tune = sqliteTable('tune', { id: integer().primaryKey(), title: text().notNull() })

declare const parts: {
  readonly db: Database | undefined
  readonly orm: TuttiDatabase | undefined
  readonly createLiveQuery: typeof createLiveQuery
  readonly useReact: typeof useReact
  readonly useSuspenseLiveQuery: typeof useSuspenseLiveQuery
  readonly useVue: typeof useVue
  readonly liveQuery: typeof liveQuery
}

/** Compiled, and never called. */
function rowsOfEach() {
  const { db, orm } = parts
  const find = () => orm?.live(orm.select().from(tune))
  return {
    sql: [
      parts.createLiveQuery<Tune>(db, 'select 1')(),
      parts.createLiveQuery<Tune>(
        () => db,
        () => 'select 1',
        () => [1],
      ).latest,
      parts.useReact<Tune>(db, 'select 1', { id: 1 }).rows,
      parts.useVue<Tune>(
        () => db,
        'select 1',
        () => [1],
      ).rows.value,
      parts.liveQuery<Tune>(
        () => db,
        'select 1',
        () => [1],
      ).rows,
    ] as const,
    source: [
      parts.createLiveQuery(find)(),
      parts.useReact(find()).rows,
      parts.useVue(find).rows.value,
      parts.liveQuery(find).rows,
    ] as const,
    suspending: [
      parts.useSuspenseLiveQuery<Tune>(db, 'select 1'),
      parts.useSuspenseLiveQuery(find()),
    ] as const,
    // @ts-expect-error -- an object is no parameter
    wrong: parts.useReact<Tune>(db, 'select ?', [{}]),
  }
}

test('P1.5 rows have the type that was given, or that of the query', () => {
  type Rows = ReturnType<typeof rowsOfEach>
  type Drawn = readonly { id: number; title: string }[]
  expectTypeOf<Rows['sql'][number]>().toEqualTypeOf<readonly Tune[] | undefined>()
  expectTypeOf<Rows['source'][number]>().toEqualTypeOf<Drawn | undefined>()
  expectTypeOf<Rows['suspending']>().toEqualTypeOf<readonly [readonly Tune[], Drawn]>()
  expectTypeOf<LiveQuery<Tune>>().toExtend<LiveSource<Tune>>()
})
