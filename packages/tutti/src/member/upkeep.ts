import type { Platform, Timer } from '../platform/platform.ts'
import type { BackupStatus, MemberOptions } from '../protocol/page-messages.ts'
import type { StorageKind } from '../protocol/values.ts'
import type { DurableKind } from '../storage/rungs.ts'
import type { Shelf } from '../storage/shelf.ts'
import { type BackupCopy, BackupKeeper } from './backup-keeper.ts'
import type { Feed, FeedMode } from './feed.ts'
import type { Reads } from './reads.ts'
import type { Replica } from './replica.ts'
import type { Requests } from './requests.ts'

/** A first copy is looked through when the tab has done its first work, ms. */
const LOOK_AFTER = 1000
/** A larger one takes more than about a tenth of a second: it is looked through when it is backed up. */
const LOOK_UP_TO = 16 * 1024 * 1024
const PAGE = 4096

export interface UpkeepOptions {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly feed: Feed
  readonly reads: Reads
  readonly replica: Replica
  readonly requests: Pick<Requests, 'ask'>
  readonly storage: () => StorageKind
  /** True while the primary lives in this tab. */
  readonly hosting: () => boolean
  readonly shelf: (kind: DurableKind) => Promise<Shelf>
  readonly room: () => Promise<number | undefined>
  readonly onBackupStatus: () => void
}

/** This tab's part in keeping the database sound: looks for damage, and makes backups (R29.1, R29.2). */
export class Upkeep {
  readonly #options: UpkeepOptions
  #keeper: BackupKeeper | undefined
  #built = false
  #asking = false
  #look: Timer | undefined
  #over = false

  constructor(options: UpkeepOptions) {
    this.#options = options
  }

  /** What became of the backups, other tabs' too. */
  backup(): Promise<BackupStatus | null> {
    return this.#keeper?.status() ?? Promise.resolve(null)
  }

  /** The database is open. */
  begin(): void {
    const { options, platform, hosting, feed, room, onBackupStatus } = this.#options
    const kind = this.#options.storage()
    if (options.backup === null || kind === 'memory' || this.#over) return
    this.#keeper ??= new BackupKeeper({
      platform,
      ...options.backup,
      lock: options.names.backupLock,
      place: { user: options.names.user, database: options.names.database },
      hosting,
      room,
      shelf: () => this.#options.shelf(kind),
      size: () => feed.databaseSize * PAGE,
      copy: () => this.#copy(),
      onDamaged: () => this.suspect(),
      onStatus: onBackupStatus,
    })
  }

  /** What the primary reads from its file, this tab has just had sent: where both are in one tab, it looks. */
  modeChanged(mode: FeedMode): void {
    if (mode === 'building') this.#built = true
    if (mode !== 'live' || !this.#built) return
    this.#built = false
    this.#look?.cancel()
    this.#look = this.#options.platform.clock.after(LOOK_AFTER, () => this.#lookThrough())
  }

  /**
   * The replica is not sound. It may be at fault, or the file that it was copied from: the primary looks, and
   * where the file is sound, the copy is made anew.
   */
  suspect(): void {
    if (this.#asking || this.#over) return
    this.#asking = true
    const { requests, feed } = this.#options
    const done = () => {
      this.#asking = false
      if (!this.#over) feed.rebuild()
    }
    requests.ask({ call: { op: 'check' }, read: true }).then(done, done)
  }

  end(): void {
    this.#over = true
    this.#look?.cancel()
    this.#keeper?.end()
  }

  #lookThrough(): void {
    const { feed, hosting, replica, storage } = this.#options
    const worth = hosting() && storage() !== 'memory' && replica.bytes <= LOOK_UP_TO
    if (this.#over || feed.mode !== 'live' || !worth || replica.isSound()) return
    this.suspect()
  }

  /** As an export does it: where this tab has no replica of its own, it gets one for as long as it takes. */
  async #copy(): Promise<BackupCopy | undefined> {
    const { feed, reads, replica } = this.#options
    feed.pin()
    try {
      await feed.whenLive()
      if (!(await reads.mayRead()) || feed.position === null) return undefined
      return { position: feed.position, pieces: replica.copy() }
    } finally {
      feed.unpin()
    }
  }
}
