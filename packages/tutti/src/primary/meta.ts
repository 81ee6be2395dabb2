import type { Position } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'

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
  #importedAt: number

  private constructor(connection: Connection) {
    this.#connection = connection
    this.#setVersion = connection.prepare(`update tutti_meta set value = ?1 where key = 'version'`)
    const values = new Map(
      connection.rows('select key, value from tutti_meta').map(([key, value]) => [key, value]),
    )
    this.incarnation = String(values.get('incarnation'))
    this.#epoch = Number(values.get('epoch'))
    this.#version = Number(values.get('version'))
    this.#importedAt = Number(values.get('imported_at'))
    const epochs = connection.rows('select epoch, started_from from tutti_epoch')
    this.#startedFrom = new Map(epochs.map(([epoch, from]) => [Number(epoch), Number(from)]))
  }

  /** The incarnation that the file holds; `undefined` in a file without Tutti's tables. */
  static incarnationIn(connection: Connection): string | undefined {
    const tables = connection.scalar(`select count(*) from sqlite_schema where name = 'tutti_meta'`)
    if (tables === 0) return undefined
    const incarnation = connection.scalar(`select value from tutti_meta where key = 'incarnation'`)
    return incarnation === undefined ? undefined : String(incarnation)
  }

  /** The oldest protocol whose builds may open this database; the first one's databases do not say. */
  static floorIn(connection: Connection): number {
    return Number(connection.scalar(`select value from tutti_meta where key = 'floor'`) ?? 1)
  }

  /** Inside a transaction: makes the tables of a new database, at version 0 and epoch 0. */
  static create(connection: Connection, incarnation: string): void {
    connection.exec(META_TABLES)
    connection.rows(
      `insert into tutti_meta values ('incarnation', ?1), ('epoch', 0), ('version', 0), ('imported_at', 0)`,
      [incarnation],
    )
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

  /** Inside a transaction: begins the next epoch. Takes effect with {@link committed}. */
  writeNextEpoch(): void {
    const epoch = this.#epoch + 1
    this.#connection.rows(`update tutti_meta set value = ?1 where key = 'epoch'`, [epoch])
    this.#connection.rows('insert into tutti_epoch values (?1, ?2)', [epoch, this.#version])
    this.#connection.rows('delete from tutti_epoch where epoch <= ?1', [epoch - EPOCHS_KEPT])
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

  /** Inside the transaction of every commit: raises the version by one. Takes effect with {@link committed}. */
  writeNextVersion(): void {
    this.#setVersion.all([this.#version + 1])
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
