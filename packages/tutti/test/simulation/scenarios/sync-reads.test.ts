import { describe, expect, test } from 'vitest'
import { TuttiError } from '../../../src/errors/errors.ts'
import type { Database } from '../../../src/page/database.ts'
import { insert, inWorlds, type Player, type Stage, TABLE } from './stage.ts'

const LIMIT = 300_000
const SYNC = { syncReads: true }

/** What a tab reads on its page's own thread, at this moment. */
function now({ db }: Pick<Player, 'db'>): string[] {
  return db.sync.values('select v from t order by id').map(([v]) => String(v))
}

/** The code of what a synchronous call throws. */
function codeOf(call: () => unknown): string {
  try {
    call()
  } catch (error) {
    if (error instanceof TuttiError || error instanceof TypeError) return (error as TuttiError).code
    throw error
  }
  return 'none'
}

/** Inserts, and reads in the very turn in which the write's promise resolves. */
async function insertAndRead(db: Database, v: string): Promise<string[]> {
  await db.run('insert into t (v) values (?)', [v])
  return now({ db })
}

describe('synchronous reads', () => {
  test(
    'P1.6 see the tab’s own writes as soon as their promises resolve, whoever is primary',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      const seen: string[] = []
      for (const [i, { db }] of [a, b, b, a].entries()) {
        const rows = await stage.settle(insertAndRead(db, `v${i}`))
        expect(rows).toContain(`v${i}`)
        seen.push(`v${i}`)
        expect(rows).toEqual(seen.filter((v) => rows.includes(v)))
        const { version } = await stage.settle(db.run('update t set v = v where id = 1'))
        expect(db.sync.version).toBeGreaterThanOrEqual(version)
      }
    }),
    LIMIT,
  )

  test(
    'P1.6 can be made in the turn in which open() resolves, also where the replica comes late',
    inWorlds(4, async (stage) => {
      const a = await stage.open('A', { replica: 'never' })
      await stage.settle(insert(a, 'before'))
      const b = stage.world.tab('B')
      const opened = b.open({ migrations: TABLE, ...SYNC, replica: 'always' })
      a.tab.kill()
      expect(now({ db: await stage.settle(opened) })).toEqual(['before'])
    }),
    LIMIT,
  )

  test(
    'P1.6 see what another tab has written in every listener that is told of it, and after refresh()',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      const told: [number, number, number][] = []
      b.db.onChange(({ version }) => told.push([version, b.db.sync.version, now(b).length]))
      const live: [unknown, string[]][] = []
      b.db
        .live<{ n: number }>('select count(*) as n from t')
        .subscribe((rows) => live.push([rows[0]?.n, now(b)]))
      await stage.rest()
      for (const v of ['x', 'y', 'z']) {
        await stage.settle(insert(a, v))
        await stage.settle(b.db.sync.refresh())
        expect(now(b)).toContain(v)
      }
      await stage.rest()
      for (const [version, synchronous] of told) expect(synchronous).toBeGreaterThanOrEqual(version)
      expect(told.map(([, , rows]) => rows)).toEqual(told.map(([, , rows]) => rows).toSorted((x, y) => x - y))
      for (const [n, rows] of live) expect(rows.length).toBeGreaterThanOrEqual(Number(n))
      expect(live.at(-1)?.[0]).toBe(3)
    }),
    LIMIT,
  )

  test(
    'P1.6 give what the asynchronous calls give',
    inWorlds(1, async (stage) => {
      const [{ db }] = await stage.openAll(['A'], SYNC)
      const sql =
        'select $n as n, $big as big, $text as text, $blob as blob, $none as none, $yes as yes, 1.5 as n2, 1 as n'
      const params = {
        n: 7,
        big: 2n ** 60n,
        text: 'é',
        blob: Uint8Array.of(1, 2, 3),
        none: null,
        yes: true,
      }
      expect(db.sync.all(sql, params)).toEqual(await stage.settle(db.all(sql, params)))
      expect(db.sync.get(sql, params)).toEqual(await stage.settle(db.get(sql, params)))
      expect(db.sync.values(sql, params)).toEqual(await stage.settle(db.values(sql, params)))
      expect(db.sync.query(sql, params)).toEqual(await stage.settle(db.query(sql, params)))
      expect(db.sync.get('select 1 where 0')).toBe(undefined)
      expect(db.sync.script('select 1 as a; values (2), (3); -- no more')).toMatchObject([
        { columns: ['a'], rows: [[1]] },
        { rows: [[2], [3]] },
      ])
    }),
    LIMIT,
  )

  test(
    'P1.6 R21 throw the errors of the asynchronous calls, and one that names them where the statement writes',
    inWorlds(1, async (stage) => {
      const [{ db }] = await stage.openAll(['A'], SYNC)
      const calls: [string, readonly (string | undefined)[] | undefined, string][] = [
        ["insert into t (v) values ('x')", undefined, 'STATEMENT_REFUSED'],
        ['create table u (x)', undefined, 'STATEMENT_REFUSED'],
        ['begin', undefined, 'STATEMENT_REFUSED'],
        ['select * from nowhere', undefined, 'SQL'],
        ['selec', undefined, 'SQL'],
        ['select ?', [], 'PARAMETER'],
        ['select ?', [undefined], 'PARAMETER'],
        ['select 1; select 2', undefined, 'STATEMENT_REFUSED'],
      ]
      for (const [sql, params, code] of calls) {
        expect(
          codeOf(() => db.sync.all(sql, params as never)),
          sql,
        ).toBe(code)
      }
      expect(() => db.sync.all("insert into t (v) values ('x')")).toThrow('await db.run()')
      expect(now({ db })).toEqual([])
    }),
    LIMIT,
  )

  test(
    'P1.6 need the option',
    inWorlds(1, async (stage) => {
      const [{ db, another }] = await stage.openAll(['A'])
      expect(codeOf(() => db.sync.all('select 1'))).toBe('PARAMETER')
      await expect(stage.settle(another())).resolves.toBeDefined()
      await expect(stage.world.tab('B').open({ syncReads: true, replica: 'never' })).rejects.toThrow(
        "'syncReads'",
      )
    }),
    LIMIT,
  )
})

describe('synchronous reads go on, and never back,', () => {
  test(
    'P1.6 P5 while there is no primary, and in the next epoch',
    inWorlds(6, async (stage) => {
      const [a, b, c] = await stage.openAll(['A', 'B', 'C'], SYNC)
      await stage.settle(insert(a, 'one'))
      await stage.settle(b.db.sync.refresh())
      a.tab.kill()
      expect(now(b)).toEqual(['one'])
      expect(await stage.settle(insertAndRead(b.db, 'two'))).toEqual(['one', 'two'])
      await stage.settle(c.db.sync.refresh())
      expect(now(c)).toEqual(['one', 'two'])
    }),
    LIMIT,
  )

  test(
    'P1.6 R2 while an import makes the copy anew, and see it when its promise resolves',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      await stage.settle(insert(a, 'imported'))
      const file = new Uint8Array(await (await stage.settle(a.db.export())).arrayBuffer())
      await stage.settle(insert(b, 'lost'))
      const seen: string[][] = []
      const look = (player: Player) => seen.push(now(player))
      const imported = stage.watch(b.db.import(file).then(() => look(b)))
      let versions = 0
      await stage.until(() => {
        expect(b.db.sync.version).toBeGreaterThanOrEqual(versions)
        versions = b.db.sync.version
        expect(['imported lost', 'imported']).toContain(now(b).join(' '))
        return imported.settledAt !== undefined
      })
      expect(seen).toEqual([['imported']])
      await stage.settle(a.db.sync.refresh())
      expect(now(a)).toEqual(['imported'])
    }),
    LIMIT,
  )

  test(
    'P1.6 R30 when the schema changes under prepared statements',
    inWorlds(4, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      await stage.settle(insert(a, 'one'))
      await stage.settle(b.db.sync.refresh())
      expect(b.db.sync.all('select * from t')).toEqual([{ id: 1, v: 'one' }])
      expect(codeOf(() => b.db.sync.all('select * from u'))).toBe('SQL')
      await stage.settle(a.db.exec("alter table t add column w default 'w'; create table u (x)"))
      await stage.settle(b.db.sync.refresh())
      expect(b.db.sync.all('select * from t')).toEqual([{ id: 1, v: 'one', w: 'w' }])
      expect(b.db.sync.all('select * from u')).toEqual([])
    }),
    LIMIT,
  )

  test(
    'P1.6 when the tab was suspended, and has caught up when its own write resolves',
    inWorlds(6, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      b.page.tell('suspended')
      b.tab.suspend()
      await stage.settle(insert(a, 'one'))
      await stage.rest()
      b.tab.resume()
      b.page.tell('resumed')
      expect(now(b)).toEqual([])
      expect(await stage.settle(insertAndRead(b.db, 'two'))).toEqual(['one', 'two'])
    }),
    LIMIT,
  )

  test(
    'P1.6 P8 and end typed, with the handle or the database',
    inWorlds(2, async (stage) => {
      const [a, b] = await stage.openAll(['A', 'B'], SYNC)
      await stage.settle(a.db.close())
      expect(codeOf(() => a.db.sync.all('select 1'))).toBe('DATABASE_CLOSED')
      await stage.settle(b.db.destroy())
      expect(codeOf(() => b.db.sync.all('select 1'))).toBe('DATABASE_DELETED')
    }),
    LIMIT,
  )

  for (const storage of ['opfs', 'memory'] as const) {
    test(
      `P1.6 R9 R17 whatever dies: at each moment a read is a state that was, at its version, on ${storage}`,
      inWorlds(10, async (stage, seed) => {
        const options = { ...SYNC, storage: [storage] }
        const players = await stage.openAll(['A', 'B', 'C'], options)
        stage.simulation.tab('B').slow(seed % 3 === 0 ? 20 : 0)
        expect(await raceAndWatch(stage, players, storage === 'opfs')).toBe(1)
      }),
      LIMIT,
    )
  }
})

/**
 * Every tab writes; one dies; at each step every living tab reads, and compares with what was read at that
 * version. Returns how many different versions are read at rest.
 */
async function raceAndWatch(stage: Stage, players: readonly Player[], dies: boolean): Promise<number> {
  const states = new Map<number, string>()
  const last = new Map<Player, number>()
  const look = () => {
    for (const player of players) {
      if (!player.tab.alive) continue
      const { sync } = player.db
      const { rows, version } = sync.query('select v from t order by id')
      expect(version).toBe(sync.version)
      expect(version).toBeGreaterThanOrEqual(last.get(player) ?? 0)
      last.set(player, version)
      const state = JSON.stringify(rows)
      expect(states.get(version) ?? state, `version ${version}`).toBe(state)
      states.set(version, state)
    }
  }
  const ends = players.flatMap((player, p) =>
    Array.from({ length: 6 }, (_, i) =>
      stage.watch(insertAndRead(player.db, `${p}.${i}`).then((rows) => expect(rows).toContain(`${p}.${i}`))),
    ),
  )
  let steps = 0
  await stage.until(() => {
    look()
    const [first] = players
    if (dies && ++steps === 150) first?.tab.kill()
    return ends.every(({ settledAt }, i) => settledAt !== undefined || (dies && i < 6))
  })
  await stage.rest()
  for (const player of players.slice(dies ? 1 : 0)) await stage.settle(player.db.sync.refresh())
  look()
  return new Set([...last].filter(([{ tab }]) => tab.alive).map(([, version]) => version)).size
}
