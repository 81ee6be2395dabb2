import {
  type DatabaseIntrospector,
  type Dialect,
  type DialectAdapter,
  type Driver,
  type Kysely,
  type QueryCompiler,
  SqliteAdapter,
  SqliteQueryCompiler,
} from 'kysely'
import type { Database, TransactionOptions } from '../../index.ts'
import { TuttiDriver } from './driver.ts'
import { TuttiIntrospector } from './introspector.ts'

/** How long each transaction may be open, and wait for its next statement: see `db.transaction()`. */
export type TuttiDialectOptions = Pick<TransactionOptions, 'timeout' | 'idle'>

/**
 * Kysely on a database that is open. `kysely.destroy()` leaves the database open: who opened it closes it.
 *
 * A transaction does not run again by itself where the primary died, as `db.transaction()` does, because
 * Kysely cannot call it again: it is a `TransactionLostError`, and certainly did not commit.
 *
 * @example
 * import { Kysely } from 'kysely'
 * import { open } from 'tutti'
 * import { TuttiDialect } from 'tutti/kysely'
 *
 * const db = await open({ user: 'u-9002', migrations })
 * const kysely = new Kysely<Schema>({ dialect: new TuttiDialect(db) })
 * const tunes = await kysely.selectFrom('tune').selectAll().execute()
 */
export class TuttiDialect implements Dialect {
  readonly #db: Database
  readonly #options: TuttiDialectOptions

  constructor(db: Database, options: TuttiDialectOptions = {}) {
    this.#db = db
    this.#options = options
  }

  createDriver(): Driver {
    return new TuttiDriver(this.#db, this.#options)
  }

  createQueryCompiler(): QueryCompiler {
    return new SqliteQueryCompiler()
  }

  createAdapter(): DialectAdapter {
    return new TuttiAdapter()
  }

  createIntrospector(db: Kysely<unknown>): DatabaseIntrospector {
    return new TuttiIntrospector(db)
  }
}

class TuttiAdapter extends SqliteAdapter {
  /** Calls outside a transaction need not wait for one another. */
  override get supportsMultipleConnections(): boolean {
    return true
  }

  /** Kysely's migrator then works in one transaction: two tabs that migrate do it one after the other. */
  override get supportsTransactionalDdl(): boolean {
    return true
  }
}
