import { expect, test } from 'vitest'
import { ERROR_CLASSES } from '../../../src/errors/error-codes.ts'
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
  /** Its errors say what became of it. */
  readonly writes?: boolean
}

const read = { primary: STALE, member: CALL + PAGE_GRACE }
const write = { primary: UNAVAILABLE, member: CALL + PAGE_GRACE, writes: true }

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
    writes: true,
  },
  exec: { call: ({ db }) => db.exec("insert into t (v) values ('exec')"), ...write },
  batch: { call: ({ db }) => db.batch([{ sql: "insert into t (v) values ('batch')" }]), ...write },
  transaction: {
    call: ({ db }) => db.transaction((tx) => tx.run("insert into t (v) values ('tx')")),
    primary: UNAVAILABLE,
    member: CALL + PAGE_GRACE + TRANSACTION,
    writes: true,
  },
  import: {
    call: ({ db }) => db.import(new Uint8Array(16)),
    primary: UNAVAILABLE,
    member: WHOLE + PAGE_GRACE,
    writes: true,
  },
  flush: { call: ({ db }) => db.flush(), ...write, writes: false },
  export: { call: ({ db }) => db.export(), primary: WHOLE + PAGE_GRACE, member: WHOLE + PAGE_GRACE },
  status: { call: ({ db }) => db.status(), primary: 1000, member: CALL + PAGE_GRACE },
  close: { call: ({ db }) => db.close(), primary: 4000, member: 4000 },
  destroy: { call: ({ db }) => db.destroy(), ...write },
  'open, a second time': { call: (player) => player.another(), primary: 0, member: OPEN },
}

interface Trouble {
  readonly bound: 'primary' | 'member'
  readonly cause: (stage: Stage, b: Player) => Promise<void> | void
  /** Until what was lent has ended, ms: after that nobody reads on the word of a primary that is no more. */
  readonly lasts?: number
}

/** What befalls B's calls: the primary is in A. */
const TROUBLES: Readonly<Record<string, Trouble>> = {
  'no primary can start': {
    bound: 'primary',
    cause: async (stage) => void (await stage.robPrimary()),
    lasts: 1000,
  },
  'the primary is frozen': {
    bound: 'primary',
    cause: (stage) => stage.simulation.tab('A').freeze(),
    lasts: 1000,
  },
  "the tab's member is frozen": { bound: 'member', cause: (_, b) => b.tab.context('member').freeze() },
  "the primary's tab dies": { bound: 'primary', cause: (stage) => stage.simulation.tab('A').kill() },
  'the primary worker dies alone': {
    bound: 'primary',
    cause: (stage) => stage.simulation.tab('A').context('primary').kill(),
  },
  "the primary's tab is suspended, and loses its locks": {
    bound: 'primary',
    cause: (stage) => stage.simulation.tab('A').suspend({ dropLocks: true }),
  },
  'site data is cleared': {
    bound: 'primary',
    cause: ({ simulation: { disk } }) => {
      for (const path of disk.paths) disk.remove(path)
    },
  },
  'the disk is full': {
    bound: 'primary',
    cause: ({ simulation }) => simulation.disk.faults.failAt(1, 'full', { lasting: true }),
  },
  'the disk fails': {
    bound: 'primary',
    cause: ({ simulation }) => simulation.disk.faults.failAt(1, 'throw', { lasting: true }),
  },
}

/** What is wrong with the end of one call in one trouble, which comes before the call or right after it. */
async function complaint(
  stage: Stage,
  { call, writes = false, ...bounds }: PublicCall,
  { bound, cause, lasts = 0 }: Trouble,
  when: 'before' | 'during',
): Promise<string | undefined> {
  const [, b] = await stage.openAll(['A', 'B', 'C'])
  if (when === 'before') {
    await cause(stage, b)
    await stage.simulation.runFor(lasts)
  }
  const watched = stage.watch(call(b))
  if (when === 'during') {
    // The request is on its way, or has just arrived.
    await stage.simulation.runFor(0.5)
    await cause(stage, b)
  }
  const took = await stage.ended(watched, 700_000)
  if (watched.settledAt === undefined) return 'hangs'
  // A failover may come first, and then the bound counts anew.
  const failover = when === 'during' ? UNAVAILABLE : 0
  if (took > bounds[bound] + failover + SLACK) return `took ${Math.round(took)} ms`
  const { error } = watched
  if (error === undefined) return undefined
  if (!(error.code in ERROR_CLASSES) || error.code === 'INTERNAL') return `ended in ${error.code}`
  return writes && error.outcome === undefined ? `ended in ${error.code} without an outcome` : undefined
}

for (const [trouble, how] of Object.entries(TROUBLES)) {
  for (const when of ['before', 'during'] as const) {
    const title = when === 'before' ? `where ${trouble}` : `where ${trouble} while it is under way`
    test(
      `P4 P4.1 I5 every public call ends within its bound, with a result or a typed error, ${title}`,
      async () => {
        const complaints: string[] = []
        for (const [name, publicCall] of Object.entries(CALLS)) {
          await inWorlds(1, async (stage) => {
            const wrong = await complaint(stage, publicCall, how, when)
            if (wrong !== undefined) complaints.push(`${name} ${wrong}`)
          })()
        }
        expect(complaints).toEqual([])
      },
      LIMIT,
    )
  }
}

for (const [trouble, { cause, lasts = 0 }] of Object.entries(TROUBLES).slice(0, 3)) {
  test(
    `P4 every call ends within a second of its signal's abort where ${trouble}`,
    inWorlds(1, async (stage) => {
      const [, b] = await stage.openAll(['A', 'B'])
      await cause(stage, b)
      await stage.simulation.runFor(lasts)
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
