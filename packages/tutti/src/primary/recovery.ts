import { RecoveryRefusedError, StorageFullError } from '../errors/errors.ts'
import type { HeldLock, Platform } from '../platform/platform.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import type { RecoveryAsk, RecoveryList, RecoveryResult } from '../protocol/recovery-messages.ts'
import type { StorageKind } from '../protocol/values.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { backupsIn } from '../storage/backups.ts'
import { type Damage, damageOf, quarantinedIn } from '../storage/quarantine.ts'
import { shelfWith, whileBusy } from '../storage/rungs.ts'
import type { Shelf } from '../storage/shelf.ts'
import type { StorageEnvironment } from '../storage/storage-environment.ts'
import type { Place } from '../storage/store.ts'
import { restoredImage } from './restored-image.ts'

/** How long an open primary, or one that is dying, is waited for, ms. */
const LOCK_BOUND = 10_000
const HANDLES_BOUND = 5000

export interface RecoveryDeps {
  readonly platform: Platform
  readonly environment: StorageEnvironment
  readonly sqlite: () => Promise<Sqlite>
  readonly names: DatabaseNames
  readonly storage: readonly StorageKind[]
}

/**
 * What can be done about a database that was set aside as damaged. What changes anything holds the primary
 * lock: it never meets an open database.
 */
export class Recovery {
  readonly #deps: RecoveryDeps
  readonly #place: Place

  constructor(deps: RecoveryDeps) {
    this.#deps = deps
    this.#place = { user: deps.names.user, database: deps.names.database }
  }

  async do(ask: RecoveryAsk): Promise<RecoveryResult> {
    const { environment, storage } = this.#deps
    const shelf = await shelfWith(environment, this.#place, storage)
    if (ask.op === 'list') return { list: await this.#list(shelf) }
    if (shelf === undefined) {
      if (ask.op === 'destroy' || ask.op === 'start-empty') return {}
      throw new RecoveryRefusedError('There is no database, and nothing that was kept of one.')
    }
    switch (ask.op) {
      case 'read':
        return { files: await this.#read(shelf, ask.name) }
      case 'restore':
        return this.#alone(() => this.#restore(shelf, ask.name))
      case 'start-empty':
        return this.#alone(() => this.#startEmpty(shelf))
      case 'destroy':
        return this.#alone(() => this.#busy(shelf, () => shelf.delete(this.#place)))
      default:
        return ask satisfies never
    }
  }

  async #list(shelf: Shelf | undefined): Promise<RecoveryList> {
    const files = (await shelf?.beside(this.#place).list()) ?? []
    const backups = backupsIn(files).map(({ name, version, at, size }) => ({ name, version, at, size }))
    return { damaged: quarantinedIn(files), backups }
  }

  async #read(shelf: Shelf, name: string): Promise<Blob[]> {
    const beside = shelf.beside(this.#place)
    const names = (await beside.list()).map((file) => file.name)
    const wanted = [name, `${name}-wal`].filter((each) => names.includes(each))
    if (wanted[0] !== name) throw unknown(name)
    return Promise.all(wanted.map((each) => beside.read(each)))
  }

  async #restore(shelf: Shelf, wanted: string | undefined): Promise<void> {
    const { platform, sqlite } = this.#deps
    const damage = await this.#damage(shelf)
    const { backups, damaged } = await this.#list(shelf)
    const known = [...backups, ...damaged].map(({ name }) => name)
    if (wanted !== undefined && !known.includes(wanted)) throw unknown(wanted)
    let cause: SqliteFailure | undefined
    for (const name of wanted === undefined ? backups.map((backup) => backup.name) : [wanted]) {
      const [main = new Uint8Array(), wal = new Uint8Array()] = await bytesOf(await this.#read(shelf, name))
      try {
        const image = restoredImage(await sqlite(), { main, wal }, platform.random.id())
        await this.#busy(shelf, () => shelf.install(this.#place, image))
        return await this.#decide(shelf, damage)
      } catch (error) {
        if (!(error instanceof SqliteFailure)) throw error
        cause = error
      }
    }
    const what = wanted ?? 'None of the backups'
    throw new RecoveryRefusedError(
      cause === undefined
        ? 'There is no backup: startEmpty() begins anew, and damagedBytes() gives what there is.'
        : `${what} cannot be restored: ${cause.message}`,
      { cause },
    )
  }

  async #startEmpty(shelf: Shelf): Promise<void> {
    await this.#decide(shelf, await this.#damage(shelf))
  }

  /** The last step of a decision: from here on the database is opened again. */
  async #decide(shelf: Shelf, damage: Damage | undefined): Promise<void> {
    if (damage !== undefined) await shelf.beside(this.#place).remove(damage.marker)
  }

  /** @throws RecoveryRefusedError where a sound database would be replaced. */
  async #damage(shelf: Shelf): Promise<Damage | undefined> {
    const damage = await this.#busy(shelf, () => damageOf(shelf, this.#place))
    if (damage === undefined && (await shelf.exists(this.#place))) {
      throw new RecoveryRefusedError(
        'The database is not set aside as damaged: open it, and import() what it should hold.',
      )
    }
    if (damage?.moved === false) {
      throw new StorageFullError('There is no room to set the damaged files aside: free some first.')
    }
    return damage
  }

  #busy<T>(shelf: Shelf, action: () => Promise<T>): Promise<T> {
    return whileBusy(this.#deps.environment, shelf, HANDLES_BOUND, action)
  }

  async #alone(action: () => Promise<void>): Promise<RecoveryResult> {
    const lock = await this.#lock()
    try {
      await action()
      return {}
    } finally {
      lock.release()
    }
  }

  async #lock(): Promise<HeldLock> {
    const { platform, names } = this.#deps
    const bound = new AbortController()
    const timer = platform.clock.after(LOCK_BOUND, () => bound.abort())
    try {
      return await platform.locks.request(names.primaryLock, { signal: bound.signal })
    } catch (cause) {
      const message = `A tab has had this database open for ${LOCK_BOUND / 1000} s: close it there first.`
      throw new RecoveryRefusedError(message, { cause })
    } finally {
      timer.cancel()
    }
  }
}

function bytesOf(files: readonly Blob[]): Promise<Uint8Array[]> {
  return Promise.all(files.map(async (file) => new Uint8Array(await file.arrayBuffer())))
}

function unknown(name: string): RecoveryRefusedError {
  return new RecoveryRefusedError(`There is nothing of the name ${name} beside this database.`)
}
