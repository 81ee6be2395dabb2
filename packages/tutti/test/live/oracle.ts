import { SqlError } from '../../src/errors/errors.ts'
import type { Replica, SingleCall } from '../../src/member/replica.ts'
import { createReplica } from '../../src/member/replica.ts'
import { memoryBlobs } from '../../src/platform/simulated/blobs.ts'
import { createPrng } from '../../src/platform/simulated/prng.ts'
import type { Commit } from '../../src/primary/engine.ts'
import { EngineFixture } from '../../src/primary/testing/engine-fixture.ts'
import type { StatementResult } from '../../src/protocol/values.ts'
import { UNLIMITED } from '../../src/sqlite/deadline.ts'
import { loadSqlite } from '../../src/sqlite/load-sqlite.ts'
import { DeliveredResult } from './delivered-result.ts'
import { followLive } from './follow-live.ts'
import { QueryGrammar } from './random-query.ts'
import { randomSchema } from './random-schema.ts'
import { type RandomWrite, WriteGrammar } from './random-write.ts'

/** How queries and commits met, over a whole run. */
export interface Tally {
  /** Pairs of a commit, or a few at once, and a query. */
  pairs: number
  woken: number
  /** Woken, and the result was as before. */
  inVain: number
  /** The result changed. */
  changed: number
  /** Rows that a changed result has kept from the one before. */
  kept: number
  queries: number
  commits: number
}

const QUERIES = 44
const WRITES = 40

const sqlite = await loadSqlite()

/**
 * Random queries and random writes over a small random schema, by the live queries of a member and of a page.
 * After each commit, or a few at once, every query is run in full, and compared with what its follower was
 * told: the rows, which of them are the objects of before, and the version. Throws where they differ.
 */
export async function runOracle(seed: number, tally: Tally): Promise<void> {
  const prng = createPrng(seed)
  const schema = randomSchema(prng)
  const fixture = await EngineFixture.open({ migrations: [{ name: 'schema', sql: schema.sql }] })
  const replica = createReplica({ sqlite, clock: { mono: () => 0 }, blobs: memoryBlobs() })
  try {
    const position = () => {
      const { incarnation, epoch, version } = fixture.engine
      return { incarnation, epoch, version }
    }
    replica.begin(fixture.engine.databaseSize)
    replica.put(fixture.engine.readPages(1, fixture.engine.databaseSize))
    replica.finish(position())
    const live = followLive(replica, fixture)
    const queries = new QueryGrammar(prng, schema)
    const followed = Array.from({ length: QUERIES }, (_, i) => {
      const { sql, params } = queries.query()
      const delivered = new DeliveredResult({ sql, params, rowMode: i % 2 === 0 ? 'array' : 'object' })
      live.observe(delivered)
      return delivered
    })
    tally.queries += QUERIES
    await live.settled()
    for (const each of followed) each.judge(evaluate(replica, fixture, each), live.version)
    const writes = new WriteGrammar(prng, schema)
    for (let i = 0; i < WRITES; ) {
      const done: RandomWrite[] = []
      for (let more = true; more; more = i < WRITES && prng.number() < 0.2) {
        i++
        const write = writes.write()
        const commit = perform(fixture, write)
        if (commit === null) continue
        done.push(write)
        replica.applyDelta(commit.delta, position())
        live.changed(commit)
      }
      if (done.length === 0) continue
      tally.commits += done.length
      live.ran.clear()
      await live.settled()
      for (const each of followed) {
        const woken = live.ran.has(each.key)
        tally.pairs++
        if (woken) tally.woken++
        try {
          const { changed, kept } = each.judge(evaluate(replica, fixture, each), live.version)
          if (changed) tally.changed++
          else if (woken) tally.inVain++
          tally.kept += kept
        } catch (error) {
          throw new Error(describe(each, woken, done), { cause: error })
        }
      }
    }
    live.close()
  } finally {
    replica.close()
    fixture.engine.close()
  }
}

function describe({ statement }: DeliveredResult, woken: boolean, writes: readonly RandomWrite[]): string {
  const { sql, params } = statement
  const by = writes.map(({ statements }) => statements.join('; ')).join(' | ')
  return `${woken ? 'woken' : 'asleep'}: ${sql} with ${JSON.stringify(params)}, after ${by}`
}

/** The whole result now, as a plain read has it. */
function evaluate(
  replica: Replica,
  { engine, request, limits }: EngineFixture,
  { statement }: DeliveredResult,
): StatementResult | string {
  const { sql, params = [] } = statement
  const call: SingleCall = { op: 'statement', sql, params, rows: 'all', readonly: true }
  try {
    const read = replica.read(call, UNLIMITED)
    const results = read.kind === 'rows' ? read.results : engine.execute(call, request(), limits()).results
    return results[0] ?? 'nothing'
  } catch (error) {
    if (!(error instanceof SqlError)) throw error
    return error.message
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
