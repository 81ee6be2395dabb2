import { StorageCorruptError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { HeldLock, Platform, Timer } from '../platform/platform.ts'
import type { BackupStatus } from '../protocol/page-messages.ts'
import type { Position } from '../protocol/values.ts'
import { type Backup, backupsIn, isOf, saveBackup } from '../storage/backups.ts'
import { DeviceFullError } from '../storage/checked-io.ts'
import { isMarked } from '../storage/quarantine.ts'
import type { Shelf } from '../storage/shelf.ts'
import type { Place } from '../storage/store.ts'

/** The tab that has the primary leaves a backup to another one for so long, ms. */
const PRIMARY_WAITS = 2000
/** After an attempt that failed, or that another tab was making, ms. */
const RETRY = 60_000
/** What must be left free beside a copy, bytes: a backup never takes the room of a write. */
const SPARE = 16 * 1024 * 1024

export interface BackupKeeperOptions {
  readonly platform: Pick<Platform, 'clock' | 'locks'>
  readonly lock: string
  readonly place: Place
  readonly every: number
  readonly keep: number
  readonly shelf: () => Promise<Shelf>
  /** Bytes that still fit, where the browser says. */
  readonly room: () => Promise<number | undefined>
  readonly hosting: () => boolean
  /** Bytes of the database. */
  readonly size: () => number
  /** A copy of a stable version; `undefined` where this tab cannot make one now. @throws StorageCorruptError */
  readonly copy: () => Promise<BackupCopy | undefined>
  /** A copy was not sound. */
  readonly onDamaged: () => void
  readonly onStatus: () => void
}

export interface BackupCopy {
  readonly position: Position
  readonly pieces: readonly Uint8Array<ArrayBuffer>[]
}

/**
 * Makes the backups of a database, in turn with other tabs: each looks when the next one is due, by what lies
 * beside the database, and one of them gets the lock (R29.2). Nobody waits for it: the copy is this tab's
 * replica, and the files are not the primary's.
 */
export class BackupKeeper {
  readonly #options: BackupKeeperOptions
  readonly #begunAt: number
  /** Of the newest backup that this tab made: a clock that was set back must not make it one after the other. */
  #madeAt = Number.NEGATIVE_INFINITY
  #timer: Timer | undefined
  #over = false
  #status: BackupStatus = { at: null, version: null, problem: null }

  constructor(options: BackupKeeperOptions) {
    this.#options = options
    this.#begunAt = options.platform.clock.wall()
    this.#wait(0)
  }

  /** The newest backup, whoever made it, and what this tab's last attempt met. */
  async status(): Promise<BackupStatus> {
    await this.#list().catch(() => undefined)
    return this.#status
  }

  end(): void {
    this.#over = true
    this.#timer?.cancel()
  }

  #wait(ms: number): void {
    if (this.#over) return
    this.#timer = this.#options.platform.clock.after(ms, () => void this.#look())
  }

  async #look(): Promise<void> {
    const { every } = this.#options
    let next = Math.min(every, RETRY)
    try {
      next = Math.max(0, await this.#makeIfDue())
    } catch (error) {
      this.#failed(error)
    }
    this.#wait(next)
  }

  /** How long to wait for the next look, ms. */
  async #makeIfDue(): Promise<number> {
    const { platform, lock, hosting, every } = this.#options
    const due = this.#dueIn(await this.#list())
    const wait = due + (hosting() ? PRIMARY_WAITS : 0)
    if (wait > 0) return Math.min(wait, every + PRIMARY_WAITS)
    const held = await platform.locks.tryRequest(lock)
    if (held === undefined) return Math.min(every, RETRY)
    try {
      const backups = await this.#list()
      const made = this.#dueIn(backups) > 0 || (await this.#make(held, backups))
      return made ? every : Math.min(every, RETRY)
    } finally {
      held.release()
    }
  }

  /** False where it has to be tried again. */
  async #make(held: HeldLock, present: readonly Backup[]): Promise<boolean> {
    const { platform, place, keep, copy, room, size } = this.#options
    const shelf = await this.#options.shelf()
    // A database that is gone, or waits for a decision, is not copied from what this tab still has of it.
    if (!(await shelf.exists(place)) || (await isMarked(shelf, place))) return false
    const free = await room()
    if (free !== undefined && free < 2 * size() + SPARE)
      throw new DeviceFullError('There is no room to spare')
    const made = await copy()
    if (made === undefined) return false
    const { position, pieces } = made
    if (present.some((backup) => isOf(backup, position))) {
      this.#tell({ ...this.#status, problem: null })
      return true
    }
    let lost = false
    void held.lost.then(() => {
      lost = true
    })
    const pause = async () => {
      await platform.clock.turn()
      if (this.#over || lost) throw new Error('The backup was given up')
    }
    const at = platform.clock.wall()
    const beside = shelf.beside(place)
    const name = await saveBackup(beside, { ...position, at, pieces }, { keep, pause })
    this.#madeAt = at
    mark('a backup is made')
    // Whoever deleted the database meanwhile has told this tab before it let the lock go.
    if (this.#over || lost) await beside.remove(name)
    else this.#tell({ at, version: position.version, problem: null })
    return true
  }

  /** ms; not positive: now. */
  #dueIn(backups: readonly Backup[]): number {
    const { platform, every } = this.#options
    const [newest] = backups
    const now = platform.clock.wall()
    if (newest === undefined) return this.#begunAt - now
    const at = newest.at > now ? this.#begunAt : newest.at
    return Math.max(at, this.#madeAt) + every - now
  }

  async #list(): Promise<readonly Backup[]> {
    const shelf = await this.#options.shelf()
    const backups = backupsIn(await shelf.beside(this.#options.place).list())
    const [newest] = backups
    if (newest !== undefined) this.#tell({ ...this.#status, at: newest.at, version: newest.version })
    return backups
  }

  #failed(error: unknown): void {
    if (this.#over) return
    if (error instanceof StorageCorruptError) this.#options.onDamaged()
    const damaged = error instanceof StorageCorruptError ? 'damaged' : 'failed'
    this.#tell({ ...this.#status, problem: error instanceof DeviceFullError ? 'full' : damaged })
  }

  #tell(status: BackupStatus): void {
    const changed = status.at !== this.#status.at || status.problem !== this.#status.problem
    this.#status = status
    if (changed && !this.#over) this.#options.onStatus()
  }
}
