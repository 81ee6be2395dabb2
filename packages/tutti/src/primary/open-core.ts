import { DatabaseDeletedError, SchemaAheadError } from '../errors/errors.ts'
import type { Connection } from '../sqlite/connection.ts'
import { findDamage } from '../sqlite/find-damage.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { StatementRunner } from '../sqlite/statement-runner.ts'
import { openPrimaryConnection, type PrimaryConnection } from '../storage/primary-connection.ts'
import { isBlank } from '../storage/primary-files.ts'
import { assertWhole } from './assert-whole.ts'
import { ChangeCapture } from './change-capture.ts'
import { commitVersion } from './commit-version.ts'
import type { Core, EngineDeps } from './core.ts'
import type { Commit } from './engine.ts'
import { LEDGER_TABLE, Ledger } from './ledger.ts'
import { Meta } from './meta.ts'
import { hasRun, MIGRATION_TABLE, runMigrations } from './migrations.ts'
import { createPulse } from './pulse.ts'
import { Transactor } from './transactor.ts'

/** The recent commits that replicas may catch up with. */
export type Recovered = readonly Pick<Commit, 'version' | 'delta'>[]

/**
 * Opens the database of a store, makes it where it is new, raises the epoch, and runs what migrations are
 * missing.
 * @throws DatabaseDeletedError when another incarnation than the expected one, or none, is found: nothing is
 *   created then; SchemaAheadError when a newer build of Tutti has shut this one out (R4.1). Else what migrations and storage throw.
 */
export function openCore(deps: EngineDeps): { core: Core; recovered: Recovered } {
  const { expectedIncarnation, sqlite, store } = deps
  if (expectedIncarnation !== null && isBlank(store)) throw deleted()
  const opened = openPrimaryConnection(sqlite, store)
  try {
    return prepareCore(deps, opened)
  } catch (error) {
    // To close it would copy the log into the file: where either is damaged, that makes it worse.
    opened.files.abandon(error)
    opened.close()
    throw error
  }
}

function prepareCore(deps: EngineDeps, opened: PrimaryConnection): { core: Core; recovered: Recovered } {
  const { sqlite, blobs, clock, random, options, expectedIncarnation } = deps
  const { connection, files } = opened
  const found = Meta.incarnationIn(connection)
  if (expectedIncarnation !== null && found !== expectedIncarnation) throw deleted()
  if (found !== undefined) assertNotShutOut(Meta.floorIn(connection), options.build)
  const present = found === undefined ? undefined : Meta.read(connection)
  assertWhole(connection, files, present)
  // A damaged table of migrations would have them run again, on what else is damaged.
  const differs = present !== undefined && !hasRun(connection, options.migrations)
  if (options.check === true || differs) assertSound(connection, options.onProgress)
  const inherited = files.recovered()
  const transactor = new Transactor(connection, files)
  transactor.begin('immediate')
  if (present === undefined) {
    Meta.create(connection, random.id())
    connection.exec(`${LEDGER_TABLE}; ${MIGRATION_TABLE}`)
  }
  const meta = present ?? Meta.read(connection)
  const core: Core = {
    sqlite,
    blobs,
    onProgress: createPulse(clock, options.onProgress),
    opened,
    connection,
    files,
    runner: new StatementRunner({ connection, clock, onProgress: options.onProgress }),
    transactor,
    meta,
    ledger: new Ledger(connection),
    capture: new ChangeCapture(connection, files.readPages(1, 1).bytes),
  }
  const oldest = meta.version - inherited.length + 1
  const recovered = inherited.map((delta, i) => ({ version: oldest + i, delta }))
  const opening = [
    commitVersion(core, () => {
      meta.writeNextEpoch()
      meta.raiseFloor(options.build.floor)
    }),
  ]
  meta.epochCommitted()
  opening.push(...runMigrations(core, options.migrations))
  return { core, recovered: afterLastRebuild([...recovered, ...opening]) }
}

/** Commits after the last one whose pages were too many to keep: a gap in between would be of no use. */
function afterLastRebuild(commits: readonly (Recovered[number] & { rebuild?: boolean })[]): Recovered {
  const last = commits.findLastIndex(({ rebuild }) => rebuild === true)
  return commits
    .slice(last + 1)
    .filter(({ version }) => version > 0)
    .map(({ version, delta }) => ({ version, delta }))
}

/** Steps of SQLite's virtual machine between two signs of life. */
const OPERATIONS = 100_000

/** @throws SqliteFailure (SQLITE_CORRUPT) where `quick_check` finds anything. */
function assertSound(connection: Connection, onProgress: () => void): void {
  connection.setProgressHandler(OPERATIONS, () => {
    onProgress()
    return false
  })
  const problem = findDamage(connection, 'quick_check')
  connection.setProgressHandler(OPERATIONS, null)
  if (problem !== undefined) throw new SqliteFailure(CORRUPT, problem)
}

/** Whatever this build wrote, a newer one would misread. */
function assertNotShutOut(floor: number, { protocol }: EngineDeps['options']['build']): void {
  if (protocol >= floor) return
  throw new SchemaAheadError(
    `A newer version of Tutti wrote this database, which this one (protocol ${protocol}, needed ${floor}) may not open: reload, or deploy a build that has it.`,
    { outcome: 'not-applied' },
  )
}

function deleted(): DatabaseDeletedError {
  return new DatabaseDeletedError('The database that was open here is gone: open() makes a new one', {
    outcome: 'not-applied',
  })
}
