import { expect, test } from 'vitest'
import type { LiveInfo } from '../../../src/page/live/live-observer.ts'
import type { LiveQuery } from '../../../src/page/live/live-query.ts'
import { dieAtOnce } from './die-at-once.ts'
import { insert, inWorlds, type Player, type Stage } from './stage.ts'

const LIMIT = 300_000

interface Row {
  readonly id: number
  readonly v: string
}

/** How much a change told, whose it was, and why. */
type Told = readonly [what: string, origin: string, cause: string | undefined]

/** What a follower of a live query was told, in order. */
interface Heard {
  readonly results: { readonly rows: readonly Row[]; readonly info: LiveInfo }[]
  readonly errors: Error[]
  readonly values: () => string[] | undefined
  readonly stop: () => void
}

function follow(live: LiveQuery<Row>): Heard {
  const results: Heard['results'] = []
  const errors: Error[] = []
  const stop = live.subscribe(
    (rows, info) => results.push({ rows, info }),
    (error) => errors.push(error),
  )
  return { results, errors, stop, values: () => results.at(-1)?.rows.map(({ v }) => v) }
}

const all = ({ db }: Player) => db.live<Row>('select id, v from t order by id')
const until = (stage: Stage, heard: Heard, ...values: string[]) =>
  stage.until(() => JSON.stringify(heard.values()) === JSON.stringify(values))

test(
  'P1.2 what one tab commits, the live queries of all tabs show, with its origin and cause',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const without = await stage.open('C', { replica: 'never' })
    const heard = [a, b, without].map((player) => follow(all(player)))
    for (const each of heard) await until(stage, each)
    await stage.settle(insert(a, 'one', { cause: 'test' }))
    for (const each of heard) await until(stage, each, 'one')
    await stage.settle(b.db.transaction((tx) => tx.run("update t set v = 'two'"), { cause: 'sync' }))
    for (const each of heard) await until(stage, each, 'two')
    expect(heard.map(({ results }) => results.map(({ info: { origin, cause } }) => [origin, cause]))).toEqual(
      [
        [
          ['initial', undefined],
          ['self', 'test'],
          ['tab', 'sync'],
        ],
        [
          ['initial', undefined],
          ['tab', 'test'],
          ['self', 'sync'],
        ],
        [
          ['initial', undefined],
          ['tab', 'test'],
          ['tab', 'sync'],
        ],
      ],
    )
    for (const { results, errors } of heard) {
      const versions = results.map(({ info }) => info.version)
      expect([errors, versions]).toEqual([[], versions.toSorted((x, y) => x - y)])
    }
  }),
  LIMIT,
)

test(
  'P1.3 a commit wakes the queries that read what it changed, and no others',
  inWorlds(2, async (stage) => {
    const tune = 'create table tune (id integer primary key, title text, mode text, plays integer default 0)'
    const [a] = await stage.openAll(['A', 'B'], { migrations: [{ name: '1', sql: tune }] })
    const titles = follow(a.db.live<Row>('select id, title as v from tune'))
    const first = follow(a.db.live<Row>('select id, mode as v from tune where id = ?', [1]))
    const count = follow(a.db.live<Row>('select count(*) as v from tune'))
    const runs = countRuns(stage, 'A')
    /** Which of the three run because of a write; `null`s are those that do not. */
    const wakes = async (sql: string) => {
      await stage.rest()
      runs.clear()
      await stage.settle(a.db.run(sql))
      await stage.rest()
      return ['title as v', 'mode as v', 'count(*)'].filter((part) =>
        [...runs.keys()].some((key) => key.includes(part)),
      )
    }
    expect(await wakes("insert into tune values (1, 'The Kesh', 'Major', 0)")).toEqual([
      'title as v',
      'mode as v',
      'count(*)',
    ])
    expect(await wakes("insert into tune values (2, 'Cooley''s', 'Dorian', 0)")).toEqual([
      'title as v',
      'count(*)',
    ])
    expect(await wakes('update tune set plays = plays + 1')).toEqual([])
    expect(await wakes('update tune set title = upper(title)')).toEqual(['title as v'])
    expect(await wakes("update tune set mode = 'Minor' where id = 2")).toEqual([])
    expect(await wakes("update tune set mode = 'Minor', title = title where id = 1")).toEqual(['mode as v'])
    expect(await wakes('delete from tune where id = 2')).toEqual(['title as v', 'count(*)'])
    expect([titles, first, count].map(({ errors }) => errors)).toEqual([[], [], []])
  }),
  LIMIT,
)

test(
  'P1.3 P1.7 what draws lots or tells the time may have another result after any commit, and runs again',
  inWorlds(2, async (stage) => {
    const [a] = await stage.openAll(['A', 'B'])
    const stops = [
      a.db.live('select random() as lot').subscribe(() => undefined),
      a.db.live('select date(?) as day', ['now']).subscribe(() => undefined),
      a.db.live('select date(?) as day', ['2026-11-23']).subscribe(() => undefined),
    ]
    await stage.rest()
    const runs = countRuns(stage, 'A')
    await stage.settle(insert(a, 'read by none of them'))
    await stage.rest()
    expect([...runs]).toEqual([
      ['select random() as lot', 1],
      ['select date(?) as day', 1],
    ])
    for (const stop of stops) stop()
  }),
  LIMIT,
)

test(
  'P1.2 a result that is as before is not told, and rows that did not change stay the same objects',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    for (const v of ['one', 'two', 'three']) await stage.settle(insert(a, v))
    const live = all(b)
    const heard = follow(live)
    await until(stage, heard, 'one', 'two', 'three')
    await stage.settle(a.db.run("update t set v = 'TWO' where id = 2"))
    await until(stage, heard, 'one', 'TWO', 'three')
    const [before, after] = heard.results.map(({ rows }) => rows)
    expect([after?.[0] === before?.[0], after?.[1] === before?.[1], after?.[2] === before?.[2]]).toEqual([
      true,
      false,
      true,
    ])
    expect(live.current).toBe(after)
    await stage.settle(
      a.db.batch([{ sql: 'delete from t where id = 1' }, { sql: "insert into t values (1, 'one')" }]),
    )
    await stage.rest()
    expect(heard.results).toHaveLength(2)
  }),
  LIMIT,
)

test(
  'P1.2 many commits at once are one run or few, and the last result shows them all',
  inWorlds(4, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const without = await stage.open('C', { replica: 'never' })
    const heard = follow(all(b))
    const asking = follow(all(without))
    for (const each of [heard, asking]) await until(stage, each)
    const runs = countRuns(stage, 'B')
    const values = Array.from({ length: 40 }, (_, i) => `v${i}`)
    await stage.settle(Promise.all(values.map((v) => insert(a, v))))
    for (const each of [heard, asking]) await until(stage, each, ...values)
    const ran = [...runs.values()].reduce((sum, n) => sum + n, 0)
    expect(ran).toBeLessThan(values.length)
    expect(heard.results.length).toBeLessThanOrEqual(ran + 1)
  }),
  LIMIT,
)

test(
  'P1.2 live queries survive a failover, an import and a tab that was away, without a gap and without a doubled result',
  inWorlds(6, async (stage) => {
    const [a, b, c] = await stage.openAll(['A', 'B', 'C'])
    await stage.settle(insert(a, 'one'))
    const heard = [b, c].map((player) => follow(all(player)))
    for (const each of heard) await until(stage, each, 'one')
    a.tab.kill()
    await stage.settle(insert(b, 'two'))
    for (const each of heard) await until(stage, each, 'one', 'two')
    c.page.tell('suspended')
    c.tab.suspend({ dropLocks: false })
    await stage.settle(insert(b, 'three'))
    await stage.rest()
    c.tab.resume()
    c.page.tell('resumed')
    for (const each of heard) await until(stage, each, 'one', 'two', 'three')
    const copy = await stage.settle(b.db.export())
    await stage.settle(insert(b, 'four'))
    for (const each of heard) await until(stage, each, 'one', 'two', 'three', 'four')
    await stage.settle(c.db.import(copy))
    for (const each of heard) await until(stage, each, 'one', 'two', 'three')
    for (const { results, errors } of heard) {
      const told = results.map(({ rows }) => JSON.stringify(rows))
      expect(errors).toEqual([])
      expect(told.every((rows, i) => rows !== told[i - 1])).toBe(true)
    }
  }),
  LIMIT,
)

test(
  'P1.2 P1.4 a write whose primary died before it could tell of it is this tab’s own all the same, with its cause',
  inWorlds(8, async (stage) => {
    dieAtOnce(stage, 'execute', 'after')
    const [, b, c] = await stage.openAll(['A', 'B', 'C'])
    const heard = [b, c].map((player) => follow(all(player)))
    for (const each of heard) await until(stage, each)
    const changes = [b, c].map(({ db }) => {
      const told: Told[] = []
      db.onChange(({ all: whole, origin, cause }) =>
        told.push([whole ? 'everything' : 'its rows', origin, cause]),
      )
      return told
    })
    const answered: string[] = []
    const writes = ['one', 'two'].map(async (v, i) => {
      await insert(b, v, { cause: `cause ${v}` })
      // Whoever is told that its write is done has been told of the change.
      answered.push(`${v} ${(changes[0]?.length ?? 0) > i}`)
    })
    await stage.settle(Promise.all(writes))
    for (const each of heard) await until(stage, each, 'one', 'two')
    expect(stage.epoch).toBe(2)
    expect(answered).toEqual(['one true', 'two true'])
    // What the dead one did not tell changed everything; that the next epoch began, too. There the other write ran.
    const [ofB, ofC] = changes.map(distinct)
    expect(ofB).toEqual([
      ['everything', 'self', 'cause one'],
      ['everything', 'tab', undefined],
      ['its rows', 'self', 'cause two'],
    ])
    expect(ofC?.[0]).toEqual(['everything', 'tab', undefined])
    // Unless that was before this tab had joined: then it is part of what it missed.
    expect([[], [['its rows', 'tab', 'cause two']]]).toContainEqual(ofC?.slice(1))
    const told = heard.map(({ results }) => results.map(({ info: { origin, cause } }) => [origin, cause]))
    expect(told[0]?.[0]).toEqual(['initial', undefined])
    for (const [origin, cause] of told[0]?.slice(1) ?? []) {
      expect(origin).toBe('self')
      expect(['cause one', 'cause two']).toContain(cause)
    }
    expect(told[1]?.every(([origin]) => origin !== 'self')).toBe(true)
  }),
  LIMIT,
)

test(
  'P1.2 a query that fails says so once, and recovers by itself',
  inWorlds(3, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const heard = [a, b].map(({ db }) => follow(db.live<Row>('select v from later order by v')))
    await stage.until(() => heard.every(({ errors }) => errors.length === 1))
    await stage.settle(insert(a, 'nothing to do with it'))
    await stage.settle(a.db.exec("create table later (v); insert into later values ('here')"))
    for (const each of heard) await until(stage, each, 'here')
    await stage.settle(b.db.exec('alter table later add column more; alter table later rename column v to w'))
    await stage.until(() => heard.every(({ errors }) => errors.length === 2))
    await stage.settle(b.db.exec('alter table later rename column w to v'))
    await stage.until(() => heard.every(({ results }) => results.length === 2))
    expect(heard.flatMap(({ errors }) => errors.map((error) => 'code' in error && error.code))).toEqual([
      'SQL',
      'SQL',
      'SQL',
      'SQL',
    ])
    const refused = follow(a.db.live<Row>("insert into t (v) values ('never')"))
    await stage.until(() => refused.errors.length === 1)
    expect(refused.errors[0]).toMatchObject({ code: 'STATEMENT_REFUSED' })
  }),
  LIMIT,
)

test(
  'P1.2 R29.1 a live query that finds its tab’s replica damaged has it made anew, and goes on meanwhile',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const heard = follow(all(b))
    await until(stage, heard)
    const copies: string[] = []
    for (const { context, replica } of stage.world.shared.replicas) {
      if (context.tab.name !== 'B') continue
      const read = replica.read.bind(replica)
      const begin = replica.begin.bind(replica)
      replica.begin = (size) => {
        copies.push('begun')
        begin(size)
      }
      replica.read = () => {
        replica.read = read
        return { kind: 'forward', damaged: true }
      }
    }
    await stage.settle(insert(a, 'one'))
    await until(stage, heard, 'one')
    await stage.rest()
    await stage.settle(insert(a, 'two'))
    await until(stage, heard, 'one', 'two')
    expect([copies, heard.errors]).toEqual([['begun'], []])
  }),
  LIMIT,
)

test(
  'P1.2 the columns of * follow the schema, whoever changes it',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    await stage.settle(insert(a, 'one'))
    const heard = follow(b.db.live<Row>('select * from t'))
    await until(stage, heard, 'one')
    await stage.settle(a.db.exec('alter table t add column more default 7'))
    await stage.until(() => heard.results.length === 2)
    expect(heard.results[1]?.rows).toEqual([{ id: 1, v: 'one', more: 7 }])
  }),
  LIMIT,
)

test(
  'P1.2 equal queries of a tab are one, which ends with its last follower; P9.1 the status counts it',
  inWorlds(2, async (stage) => {
    const [a] = await stage.openAll(['A', 'B'])
    const other = await a.another()
    const live = async () => {
      // A query that somebody follows again at once does not end in between.
      await Promise.resolve()
      return (await stage.settle(a.db.status())).live
    }
    const one = follow(all(a))
    const two = follow(other.live<Row>('select id, v from t order by id', []))
    const third = follow(a.db.live<Row>('select id, v from t where id > ?', [0]))
    await stage.settle(insert(a, 'x'))
    for (const each of [one, two, third]) await until(stage, each, 'x')
    expect(one.results.at(-1)?.rows).toBe(two.results.at(-1)?.rows)
    expect(await live()).toBe(2)
    one.stop()
    third.stop()
    expect(await live()).toBe(1)
    await stage.settle(insert(a, 'y'))
    await until(stage, two, 'x', 'y')
    expect(one.values()).toEqual(['x'])
    two.stop()
    expect(await live()).toBe(0)
  }),
  LIMIT,
)

test(
  'P1.2 P8 a deleted database ends its live queries with DatabaseDeletedError, in every tab',
  inWorlds(2, async (stage) => {
    const [a, b] = await stage.openAll(['A', 'B'])
    const heard = [a, b].map((player) => follow(all(player)))
    for (const each of heard) await until(stage, each)
    await stage.settle(a.db.destroy())
    await stage.until(() => heard.every(({ errors }) => errors.length > 0))
    expect(heard.map(({ errors }) => errors.map((error) => 'code' in error && error.code))).toEqual([
      ['DATABASE_DELETED'],
      ['DATABASE_DELETED'],
    ])
  }),
  LIMIT,
)

/** Without what says the same as the one before. */
function distinct(told: readonly Told[]): Told[] {
  return told.filter((one, i) => one.join() !== told[i - 1]?.join())
}

/** How often each statement is run by the live queries of a tab, from now on. */
function countRuns(stage: Stage, tab: string): Map<string, number> {
  const runs = new Map<string, number>()
  for (const { context, replica } of stage.world.shared.replicas) {
    if (context.tab.name !== tab) continue
    const watch = replica.watch.bind(replica)
    replica.watch = (call) => {
      runs.set(call.sql, (runs.get(call.sql) ?? 0) + 1)
      return watch(call)
    }
  }
  return runs
}
