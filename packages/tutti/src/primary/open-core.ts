import { DatabaseDeletedError, SchemaAheadError } from '../errors/errors.ts'
import { StatementRunner } from '../sqlite/statement-runner.ts'
import { openPrimaryConnection, type PrimaryConnection } from '../storage/primary-connection.ts'
import type { Store } from '../storage/store.ts'
import { ChangeCapture } from './change-capture.ts'
import { commitVersion } from './commit-version.ts'
import type { Core, EngineDeps } from './core.ts'
import type { Commit } from './engine.ts'
import { LEDGER_TABLE, Ledger } from './ledger.ts'
import { Meta } from './meta.ts'
import { MIGRATION_TABLE, runMigrations } from './migrations.ts'
import { Transactor } from './transactor.ts'

/** The recent commits that replicas may catch up with. */
export type Recovered = readonly Pick<Commit, 'version' | 'delta'>[]

const HEADER_SIZE = 100

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
    opened.close()
    throw error
  }
}

function prepareCore(deps: EngineDeps, opened: PrimaryConnection): { core: Core; recovered: Recovered } {
  const { sqlite, clock, random, options, expectedIncarnation } = deps
  const { connection, files } = opened
  const found = Meta.incarnationIn(connection)
  if (expectedIncarnation !== null && found !== expectedIncarnation) throw deleted()
  if (found !== undefined) assertNotShutOut(Meta.floorIn(connection), options.build)
  const inherited = files.recovered()
  const transactor = new Transactor(connection, files)
  transactor.begin('immediate')
  if (found === undefined) {
    Meta.create(connection, random.id())
    connection.exec(`${LEDGER_TABLE}; ${MIGRATION_TABLE}`)
  }
  const meta = Meta.read(connection)
  const core: Core = {
    sqlite,
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

/** True when there is no database at all; asked before anything is opened, which would lay one out. */
function isBlank({ main }: Store): boolean {
  const header = new Uint8Array(HEADER_SIZE)
  return main.read(header, 0) < HEADER_SIZE || header.every((byte) => byte === 0)
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
