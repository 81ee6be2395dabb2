import type { Position, SqlValue } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import { CORRUPT } from '../sqlite/result-codes.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'

/** What Tutti knows of a database beside the app's data, and who wrote when. */
export const META_TABLES = `
  create table tutti_meta (key text primary key, value) without rowid;
  create table tutti_epoch (epoch integer primary key, started_from integer not null)`

/** Older epochs are forgotten: a replica from before them rebuilds. */
const EPOCHS_KEPT = 256

/**
 * Incarnation, epoch and version of one database. `started_from` of an epoch is the version of the last
 * commit before it; its own first commit is the one after.
 */
export class Meta {
  readonly incarnation: string
  readonly #connection: Connection
  readonly #setVersion
  readonly #startedFrom: Map<number, number>
  #epoch: number
  #version: number
  #flushed: number
  #log: number
  #importedAt: number

  private constructor(connection: Connection) {
    this.#connection = connection
    this.#setVersion = connection.prepare(
      `update tutti_meta set value = case key when 'version' then ?1 when 'flushed' then ?2 else ?3 end
       where key in ('version', 'flushed', 'log')`,
    )
    const values = new Map(
      connection.rows('select key, value from tutti_meta').map(([key, value]) => [key, value]),
    )
    const count = (key: string) => countIn(values, key)
    this.incarnation = String(values.get('incarnation'))
    this.#epoch = count('epoch')
    this.#version = count('version')
    this.#flushed = Math.min(count('flushed'), this.#version)
    this.#log = count('log')
    this.#importedAt = count('imported_at')
    const epochs = connection.rows('select epoch, started_from from tutti_epoch')
    this.#startedFrom = new Map(epochs.map(([epoch, from]) => [Number(epoch), Number(from)]))
  }

  /**
   * The incarnation that the file holds; `undefined` in an empty one.
   * @throws SqliteFailure (SQLITE_CORRUPT) for a database that is not Tutti's: it was, and is damaged.
   */
  static incarnationIn(connection: Connection): string | undefined {
    const tables = connection.rows('select name from sqlite_schema')
    if (tables.length === 0) return undefined
    const known = tables.some(([name]) => name === 'tutti_meta')
    const incarnation = known
      ? connection.scalar(`select value from tutti_meta where key = 'incarnation'`)
      : undefined
    if (typeof incarnation === 'string') return incarnation
    throw new SqliteFailure(CORRUPT, 'The database has tables, and no incarnation')
  }

  /** The oldest protocol whose builds may open this database; the first one's databases do not say. */
  static floorIn(connection: Connection): number {
    return Number(connection.scalar(`select value from tutti_meta where key = 'floor'`) ?? 1)
  }

  /** Inside a transaction: makes the tables of a new database, at version 0 and epoch 0. */
  static create(connection: Connection, incarnation: string): void {
    connection.exec(META_TABLES)
    connection.rows(
      `insert into tutti_meta values
       ('incarnation', ?1), ('epoch', 0), ('version', 0), ('flushed', 0), ('log', 0), ('imported_at', 0)`,
      [incarnation],
    )
  }

  /** Makes a database one of its own; outside a log that it once had. */
  static rename(connection: Connection, incarnation: string): void {
    connection.rows(`update tutti_meta set value = ?1 where key = 'incarnation'`, [incarnation])
    connection.rows(`update tutti_meta set value = 0 where key = 'log'`)
  }

  static read(connection: Connection): Meta {
    return new Meta(connection)
  }

  get epoch(): number {
    return this.#epoch
  }

  /** Of the last commit. */
  get version(): number {
    return this.#version
  }

  /** Bytes that the log had when it was last flushed, and never loses again. */
  get log(): number {
    return this.#log
  }

  /** Inside a transaction: begins the next epoch. Takes effect with {@link committed}. */
  writeNextEpoch(): void {
    const epoch = this.#epoch + 1
    this.#connection.rows(`update tutti_meta set value = ?1 where key = 'epoch'`, [epoch])
    this.#connection.rows('insert into tutti_epoch values (?1, ?2)', [epoch, this.#version])
    this.#connection.rows('delete from tutti_epoch where epoch <= ?1', [epoch - EPOCHS_KEPT])
    // A database that an older build made does not have it.
    this.#connection.rows(`insert or ignore into tutti_meta values ('flushed', 0), ('log', 0)`)
  }

  /** Inside a transaction: keeps out builds of a protocol below `floor`, from now on. */
  raiseFloor(floor: number): void {
    if (floor <= Meta.floorIn(this.#connection)) return
    this.#connection.rows(`insert or replace into tutti_meta values ('floor', ?1)`, [floor])
  }

  /** Call when the transaction of {@link writeNextEpoch} has committed, after {@link committed}. */
  epochCommitted(): void {
    this.#epoch++
    this.#startedFrom.set(this.#epoch, this.#version - 1)
  }

  /**
   * Inside the transaction of every commit: raises the version by one, and writes down what is flushed.
   * Takes effect with {@link committed}.
   */
  writeNextVersion(): void {
    this.#setVersion.all([this.#version + 1, this.#flushed, this.#log])
  }

  /** Everything up to `version` is on the disk, and so is a log of `log` bytes. */
  flushedUpTo(version: number, log: number): void {
    this.#flushed = Math.max(this.#flushed, version)
    this.#log = Math.max(this.#log, log)
  }

  /** Into the image of an import: its version, which is also the oldest that a replica can follow from. */
  writeImport(image: Connection): void {
    image.rows(`update tutti_meta set value = ?1 where key in ('version', 'imported_at')`, [
      this.#version + 1,
    ])
  }

  /** Call when the import has committed, after {@link committed}. */
  importCommitted(): void {
    this.#importedAt = this.#version
  }

  committed(): void {
    this.#version++
  }

  /**
   * True when a replica at `position` holds pages of this very history (R1): of the same incarnation, and
   * for every epoch after its own, not past the version which that epoch started from.
   */
  reaches({ incarnation, epoch, version }: Position): boolean {
    if (incarnation !== this.incarnation || epoch > this.#epoch || version > this.#version) return false
    if (version < this.#importedAt) return false
    for (let later = epoch + 1; later <= this.#epoch; later++) {
      const from = this.#startedFrom.get(later)
      if (from === undefined || version > from) return false
    }
    return true
  }
}

/** A word of `tutti_meta` that counts; one that an older build did not write is 0. */
function countIn(values: ReadonlyMap<SqlValue | undefined, SqlValue | undefined>, key: string): number {
  const value = values.get(key) ?? (key === 'flushed' || key === 'log' ? 0 : undefined)
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value
  throw new SqliteFailure(CORRUPT, `The database does not know its ${key}`)
}
