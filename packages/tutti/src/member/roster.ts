import type { Platform, Timer } from '../platform/platform.ts'
import type { MemberInfo, PrimaryStatus, ToMember } from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import type { BackupStatus, MemberStatus } from '../protocol/page-messages.ts'
import type { Feed } from './feed.ts'
import type { PrimaryLink } from './primary-link.ts'

/** How long `db.status()` waits for the primary's word, ms. */
const PATIENCE = 1000

export interface RosterOptions {
  readonly platform: Platform
  readonly names: DatabaseNames
  readonly member: string
  readonly link: PrimaryLink
  readonly feed: Feed
  readonly self: () => MemberInfo
  /** Messages that could not be read so far. */
  readonly unreadable: () => number
  readonly backup: () => Promise<BackupStatus | null>
  /** How many live queries this tab has. */
  readonly live: () => number
}

/** Who else is there, as the primary tells it: for the election's manners and for `db.status()`. */
export class Roster {
  readonly #options: RosterOptions
  readonly #waiting = new Map<number, (status: PrimaryStatus | undefined) => void>()
  #members: readonly MemberInfo[] = []
  /** Of the primary that told of them. */
  #epoch: number | undefined
  #nonce = 0
  #epochs = new Set<number>()

  constructor(options: RosterOptions) {
    this.#options = options
  }

  /** Whether another tab is visible, by the word of the present primary: that of one before it may be out of date. */
  get othersVisible(): boolean {
    if (this.#epoch !== this.#options.link.announcement?.epoch) return false
    return this.#members.some(({ member, visible }) => visible && member !== this.#options.member)
  }

  heard(members: readonly MemberInfo[], epoch: number): void {
    this.#members = members
    this.#epoch = epoch
    const joined = this.#options.link.announcement?.epoch
    if (joined !== undefined) this.#epochs.add(joined)
  }

  told({ nonce, status }: Extract<ToMember, { type: 'status' }>): void {
    this.heard(status.members, status.epoch)
    this.#waiting.get(nonce)?.(status)
  }

  /** Asks the primary for a sign of life; any answer is one. */
  ping(): void {
    const { link, member } = this.#options
    if (link.joined) link.post({ type: 'status', member, nonce: 0 })
    else link.seek()
  }

  async status(): Promise<MemberStatus> {
    const { platform, names, member, link, feed, self, unreadable, backup, live } = this.#options
    const [status, backups, locks] = await Promise.all([
      this.#ask(),
      backup(),
      platform.locks.held(names.candidateLock.replace(/candidate$/, '')),
    ])
    const announcement = link.announcement
    const host = link.alive && announcement !== null ? announcement.host : undefined
    const members = status?.members ?? this.#members
    const known = members.some((info) => info.member === member) ? members : [...members, self()]
    const version = status?.version ?? feed.position?.version ?? 0
    return {
      tab: member,
      role: host === member ? 'primary' : 'replica',
      epoch: announcement?.epoch ?? 0,
      version: Math.max(feed.stable, status?.stable ?? 0),
      incarnation: announcement?.incarnation ?? '',
      storage: announcement?.storage ?? 'memory',
      primary: host === undefined ? null : { tab: host },
      members: known.map(({ member: tab, visible, url, title, build, schema, replica }) => ({
        tab,
        role: tab === host ? 'primary' : 'replica',
        self: tab === member,
        visible,
        url,
        title,
        build,
        schema,
        version,
        replica,
      })),
      queue: status?.queue ?? 0,
      transaction:
        status?.transaction == null
          ? null
          : { tab: status.transaction.member, openFor: status.transaction.openFor },
      locks,
      live: live(),
      failovers: Math.max(0, this.#epochs.size - 1),
      unreadable: unreadable(),
      replica: self().replica,
      backup: backups,
    }
  }

  close(): void {
    for (const resolve of this.#waiting.values()) resolve(undefined)
  }

  #ask(): Promise<PrimaryStatus | undefined> {
    const { platform, link, member } = this.#options
    if (!link.joined) return Promise.resolve(undefined)
    const nonce = ++this.#nonce
    return new Promise((resolve) => {
      let timer: Timer | undefined
      const finish = (status: PrimaryStatus | undefined) => {
        timer?.cancel()
        this.#waiting.delete(nonce)
        resolve(status)
      }
      timer = platform.clock.after(PATIENCE, () => finish(undefined))
      this.#waiting.set(nonce, finish)
      link.post({ type: 'status', member, nonce })
    })
  }
}
