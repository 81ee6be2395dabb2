import { SqlError } from '../../src/errors/errors.ts'
import type { Watch } from '../../src/member/live/watch.ts'
import { createReplica, type Replica, type SingleCall } from '../../src/member/replica.ts'
import { memoryBlobs } from '../../src/platform/simulated/blobs.ts'
import { createPrng } from '../../src/platform/simulated/prng.ts'
import type { Commit } from '../../src/primary/engine.ts'
import { EngineFixture } from '../../src/primary/testing/engine-fixture.ts'
import { UNLIMITED } from '../../src/sqlite/deadline.ts'
import { loadSqlite } from '../../src/sqlite/load-sqlite.ts'
import { QueryGrammar } from './random-query.ts'
import { randomSchema } from './random-schema.ts'
import { type RandomWrite, WriteGrammar } from './random-write.ts'

/** How queries and commits met, over a whole run. */
export interface Tally {
  /** Pairs of a commit and a query. */
  pairs: number
  woken: number
  /** Woken, and the result was as before. */
  inVain: number
  /** The result changed. */
  changed: number
  commits: number
}

interface Followed {
  readonly call: SingleCall
  result: string
  watch: Watch | undefined
}

const QUERIES = 40
const WRITES = 60

const sqlite = await loadSqlite()

/**
 * Random queries and random writes over a small random schema. After each commit every query is run in
 * full: one whose result changed must have been woken by the commit's change set. Throws where it was not.
 */
export async function runOracle(seed: number, tally: Tally): Promise<void> {
  const prng = createPrng(seed)
  const schema = randomSchema(prng)
  const fixture = await EngineFixture.open({ migrations: [{ name: 'schema', sql: schema.sql }] })
  const replica = createReplica({ sqlite, clock: { mono: () => 0 }, blobs: memoryBlobs() })
  try {
    const follow = () => {
      const { incarnation, epoch, version } = fixture.engine
      return { incarnation, epoch, version }
    }
    replica.begin(fixture.engine.databaseSize)
    replica.put(fixture.engine.readPages(1, fixture.engine.databaseSize))
    replica.finish(follow())
    const queries = new QueryGrammar(prng, schema)
    const followed = Array.from({ length: QUERIES }, () => {
      const { sql, params } = queries.query()
      return run(replica, { op: 'statement', sql, params, rows: 'all', readonly: true })
    })
    const writes = new WriteGrammar(prng, schema)
    for (let i = 0; i < WRITES; i++) {
      const write = writes.write()
      const commit = perform(fixture, write)
      if (commit === null) continue
      replica.applyDelta(commit.delta, follow())
      tally.commits++
      for (const [at, query] of followed.entries()) followed[at] = judge(replica, query, commit, write, tally)
    }
  } finally {
    replica.close()
    fixture.engine.close()
  }
}

function judge(
  replica: Replica,
  query: Followed,
  commit: Commit,
  write: RandomWrite,
  tally: Tally,
): Followed {
  const now = run(replica, query.call)
  // A query that failed is run after every commit.
  const woken = query.watch?.isTouchedBy(commit.changes) ?? true
  const changed = now.result !== query.result
  tally.pairs++
  if (woken) tally.woken++
  if (changed) tally.changed++
  if (woken && !changed) tally.inVain++
  if (woken || !changed) return woken ? now : query
  throw new Error(
    [
      `not woken: ${query.call.sql} with ${JSON.stringify(query.call.params)}`,
      `by ${write.statements.join('; ')}, which changed ${JSON.stringify(commit.changes, bigints)}`,
      `before ${query.result}`,
      `now    ${now.result}`,
    ].join('\n'),
  )
}

function run(replica: Replica, call: SingleCall): Followed {
  try {
    const read = replica.read(call, UNLIMITED)
    if (read.kind === 'forward') return { call, result: 'unknown', watch: undefined }
    const [result] = read.results
    return {
      call,
      result: JSON.stringify([result?.columns, result?.rows], bigints),
      watch: replica.watch(call),
    }
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return { call, result: error.message, watch: undefined }
  }
}

function perform(fixture: EngineFixture, { statements, undo }: RandomWrite): Commit | null {
  const { engine } = fixture
  try {
    const [only] = statements
    if (statements.length === 1 && only !== undefined) return fixture.run(only).commit
    engine.begin()
    for (const sql of statements) fixture.inside(sql)
    if (undo) engine.rollback()
    else return engine.commit(fixture.request()).commit
  } catch (error) {
    // A constraint that a random row breaks, or a table that random DDL left otherwise.
    if (!(error instanceof SqlError)) throw error
    if (engine.transactionOpen) engine.rollback()
  }
  return null
}

function bigints(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}
