import { expect, test } from 'vitest'
import { insert, inWorlds, type Player, type Stage } from './stage.ts'

const LIMIT = 300_000
/** Of the page's grace and of messages, on top of a documented bound, ms. */
const SLACK = 1000
const PAGE_GRACE = 5000
/** SPEC P4, in ms; a page whose member is silent cannot tell a read from a write. */
const CALL = 120_000
const UNAVAILABLE = 10_000
const STALE = 2000
const TRANSACTION = 5000
/** Of an export or an import. */
const WHOLE = 600_000
const OPEN = 90_000

interface PublicCall {
  readonly call: (player: Player) => Promise<unknown>
  /** Bounds: where no primary can start or the primary is frozen; where the member is frozen. */
  readonly primary: number
  readonly member: number
}

const read = { primary: STALE, member: CALL + PAGE_GRACE }
const write = { primary: UNAVAILABLE, member: CALL + PAGE_GRACE }

/** Every call of the public API that can wait. */
const CALLS: Readonly<Record<string, PublicCall>> = {
  all: { call: ({ db }) => db.all('select * from t'), ...read },
  get: { call: ({ db }) => db.get('select * from t'), ...read },
  values: { call: ({ db }) => db.values('select * from t'), ...read },
  sql: { call: async ({ db }) => await db.sql`select * from t`, ...read },
  query: { call: ({ db }) => db.query('select * from t'), ...read },
  run: { call: (player) => insert(player, 'run'), ...write },
  'run with a timeout': {
    call: (player) => insert(player, 'timeout', { timeout: 700 }),
    primary: 2200,
    member: 700 + PAGE_GRACE,
  },
  exec: { call: ({ db }) => db.exec("insert into t (v) values ('exec')"), ...write },
  batch: { call: ({ db }) => db.batch([{ sql: "insert into t (v) values ('batch')" }]), ...write },
  transaction: {
    call: ({ db }) => db.transaction((tx) => tx.run("insert into t (v) values ('tx')")),
    primary: UNAVAILABLE,
    member: CALL + PAGE_GRACE + TRANSACTION,
  },
  import: {
    call: ({ db }) => db.import(new Uint8Array(16)),
    primary: UNAVAILABLE,
    member: WHOLE + PAGE_GRACE,
  },
  flush: { call: ({ db }) => db.flush(), ...write },
  export: { call: ({ db }) => db.export(), primary: WHOLE + PAGE_GRACE, member: WHOLE + PAGE_GRACE },
  status: { call: ({ db }) => db.status(), primary: 1000, member: CALL + PAGE_GRACE },
  close: { call: ({ db }) => db.close(), primary: 4000, member: 4000 },
  destroy: { call: ({ db }) => db.destroy(), ...write },
}

/** What keeps the calls of B from being answered. */
const TROUBLES: Readonly<
  Record<string, { bound: 'primary' | 'member'; cause: (stage: Stage, b: Player) => Promise<void> }>
> = {
  'no primary can start': {
    bound: 'primary',
    cause: async (stage) => {
      await stage.robPrimary()
      await stage.simulation.runFor(1000)
    },
  },
  'the primary is frozen': {
    bound: 'primary',
    cause: async (stage) => {
      stage.simulation.tab('A').freeze()
      // What was lent has ended.
      await stage.simulation.runFor(1000)
    },
  },
  "the tab's member is frozen": {
    bound: 'member',
    cause: async (_, b) => b.tab.context('member').freeze(),
  },
}

for (const [trouble, { bound, cause }] of Object.entries(TROUBLES)) {
  test(
    `P4 every public call settles within its bound where ${trouble}`,
    inWorlds(1, async (stage) => {
      const [, b] = await stage.openAll(['A', 'B'])
      await cause(stage, b)
      const late: string[] = []
      for (const [name, { call, ...bounds }] of Object.entries(CALLS)) {
        // Each on a handle of its own, so that none waits for another by the order of calls.
        const watched = stage.watch(call({ ...b, db: await b.another() }))
        const took = await stage.ended(watched, 700_000)
        if (took > bounds[bound] + SLACK) late.push(`${name} took ${Math.round(took)} ms`)
      }
      expect(late).toEqual([])
    }),
    LIMIT,
  )

  test(
    `P4 every call ends within a second of its signal's abort where ${trouble}`,
    inWorlds(1, async (stage) => {
      const [, b] = await stage.openAll(['A', 'B'])
      await cause(stage, b)
      const abort = new AbortController()
      const { signal } = abort
      const calls = [
        insert(b, 'x', { signal }),
        b.db.values('select v from t', [], { signal }),
        b.db.transaction((tx) => tx.run("insert into t (v) values ('tx')"), { signal }),
      ].map((call) => stage.watch<unknown>(call))
      await stage.simulation.runFor(100)
      const aborted = stage.simulation.now
      abort.abort()
      for (const call of calls) {
        await stage.ended(call)
        expect(call.settledAt ?? Number.NaN).toBeLessThan(aborted + 1100)
        expect(call.error?.code).toBe('ABORTED')
      }
    }),
    LIMIT,
  )
}

test(
  'P4 open() ends within its bound where no primary can start',
  inWorlds(1, async (stage) => {
    await stage.robPrimary()
    const opening = stage.watch(stage.world.tab('A').open())
    expect(await stage.ended(opening)).toBeLessThan(OPEN + SLACK)
    expect(opening.error?.code).toBe('WORKER_FAILED')
  }),
  LIMIT,
)
