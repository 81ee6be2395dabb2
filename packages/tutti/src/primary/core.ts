import type { Blobs } from '../platform/blobs.ts'
import type { Clock, Random } from '../platform/platform.ts'
import type { Connection } from '../sqlite/connection.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import type { StatementRunner } from '../sqlite/statement-runner.ts'
import type { PrimaryConnection } from '../storage/primary-connection.ts'
import type { PrimaryFiles } from '../storage/primary-files.ts'
import type { Store } from '../storage/store.ts'
import type { ChangeCapture } from './change-capture.ts'
import type { EngineOptions } from './engine.ts'
import type { Ledger } from './ledger.ts'
import type { Meta } from './meta.ts'
import type { Transactor } from './transactor.ts'

/** What an engine is made from. The store stays the caller's, who closes and flushes it. */
export interface EngineDeps {
  readonly sqlite: Sqlite
  readonly blobs: Blobs
  readonly store: Store
  readonly clock: Pick<Clock, 'mono'>
  readonly random: Random
  readonly options: EngineOptions
  /** The database that was open here before; `null` where any will do, and a new one too. */
  readonly expectedIncarnation: string | null
}

/** The open parts of an engine, which its operations share. */
export interface Core {
  readonly sqlite: Sqlite
  readonly blobs: Blobs
  /** A sign of life, for steps of work that are as small as one likes. */
  readonly onProgress: () => void
  readonly opened: PrimaryConnection
  readonly connection: Connection
  readonly files: PrimaryFiles
  readonly runner: StatementRunner
  readonly transactor: Transactor
  readonly meta: Meta
  readonly ledger: Ledger
  readonly capture: ChangeCapture
}
