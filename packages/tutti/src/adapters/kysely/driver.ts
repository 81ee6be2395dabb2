import type { Driver } from 'kysely'
import type { Database } from '../../index.ts'
import { TuttiConnection } from './connection.ts'
import type { TuttiDialectOptions } from './dialect.ts'

/** Kysely's driver: a connection is a place for one transaction, and there may be any number. */
export class TuttiDriver implements Driver {
  readonly #db: Database
  readonly #options: TuttiDialectOptions

  constructor(db: Database, options: TuttiDialectOptions) {
    this.#db = db
    this.#options = options
  }

  async init(): Promise<void> {}

  async acquireConnection(): Promise<TuttiConnection> {
    return new TuttiConnection(this.#db, this.#options)
  }

  async beginTransaction(connection: TuttiConnection): Promise<void> {
    await connection.begin()
  }

  async commitTransaction(connection: TuttiConnection): Promise<void> {
    await connection.commit()
  }

  async rollbackTransaction(connection: TuttiConnection): Promise<void> {
    await connection.rollback()
  }

  async savepoint(connection: TuttiConnection, name: string): Promise<void> {
    await connection.run(`savepoint ${quoted(name)}`)
  }

  async rollbackToSavepoint(connection: TuttiConnection, name: string): Promise<void> {
    await connection.run(`rollback to ${quoted(name)}`)
  }

  async releaseSavepoint(connection: TuttiConnection, name: string): Promise<void> {
    await connection.run(`release ${quoted(name)}`)
  }

  async releaseConnection(connection: TuttiConnection): Promise<void> {
    await connection.rollback()
  }

  async destroy(): Promise<void> {}
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
