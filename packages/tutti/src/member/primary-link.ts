import { askAfterLife, watchLife } from '../cluster/life.ts'
import type { Channel, Platform } from '../platform/platform.ts'
import type { Announcement, EveryoneMessage, MemberInfo, ToPrimary } from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import type { Position } from '../protocol/values.ts'

export interface PrimaryLinkOptions {
  readonly platform: Platform
  readonly names: DatabaseNames
  readonly everyone: Channel<EveryoneMessage>
  /** The way to a primary that lives in this tab; others are reached by their inbox. */
  readonly lineTo: (primary: string) => Channel<ToPrimary> | undefined
  readonly info: () => MemberInfo
  readonly position: () => Position | null
  /** What this tab knew before this member, if anything. */
  readonly expectedIncarnation: string | null
  /** A primary was heard of, for the first time or anew. */
  readonly onPrimary: () => void
  /** The primary of the last announcement is dead. */
  readonly onPrimaryGone: (primary: string) => void
  /** The database that this member knew is not there any more (R2). */
  readonly onDeleted: () => void
}

/**
 * The way to the present primary: who it is, whether this member has joined its epoch, and when it was
 * last heard. What is posted while no epoch is joined is dropped: its sender asks again on `welcome`.
 */
export class PrimaryLink {
  readonly #options: PrimaryLinkOptions
  #announcement: Announcement | null = null
  /** Of the primary worker of the last announcement, until it is dead. */
  #connection:
    | {
        readonly primary: string
        /** It lives in this tab. */
        readonly own: boolean
        readonly channel: Channel<ToPrimary>
        readonly unwatch: () => void
      }
    | undefined
  #joined = false
  #packs = false
  #heardAt: number
  #incarnation: string | null

  constructor(options: PrimaryLinkOptions) {
    this.#options = options
    this.#incarnation = options.expectedIncarnation
    this.#heardAt = options.platform.clock.mono()
  }

  /** The last primary that was announced, dead or alive. */
  get announcement(): Announcement | null {
    return this.#announcement
  }

  /** The database that this tab belongs to; `null` until it has told its app of one. */
  get incarnation(): string | null {
    return this.#incarnation
  }

  /** From here on the app knows this database: another is not the same (R2). */
  bind(): void {
    this.#incarnation = this.#announcement?.incarnation ?? null
  }

  /** True while the announced primary is not known to be dead. */
  get alive(): boolean {
    return this.#connection !== undefined
  }

  /** True while this member belongs to the primary's epoch. */
  get joined(): boolean {
    return this.#joined
  }

  /** Whether the primary takes packed calls. */
  get packs(): boolean {
    return this.#packs
  }

  /** For how long nothing was heard of any primary, ms. */
  get silence(): number {
    return this.#options.platform.clock.mono() - this.#heardAt
  }

  heard(): void {
    this.#heardAt = this.#options.platform.clock.mono()
  }

  /** Asks whether there is a primary, and joins it (again) when it answers. */
  seek(): void {
    this.#joined = false
    this.#options.everyone.post({ type: 'who', member: this.#options.info().member })
  }

  announced(announcement: Announcement): void {
    const known = this.#announcement
    const incarnation = this.#incarnation
    if (incarnation !== null && incarnation !== announcement.incarnation) return this.#options.onDeleted()
    if (known?.incarnation === announcement.incarnation && announcement.epoch < known.epoch) return
    if (this.#joined && known?.primary === announcement.primary && known.reign === announcement.reign) return
    this.heard()
    this.#connect(announcement)
    this.#announcement = announcement
    this.#joined = false
    this.#connection?.channel.post({
      type: 'join',
      info: this.#options.info(),
      position: this.#options.position(),
      expectedIncarnation: incarnation,
    })
    this.#options.onPrimary()
  }

  /** The primary took this member in; false where that epoch is over. */
  welcomed(epoch: number, packs = false): boolean {
    if (this.#announcement?.epoch !== epoch) return false
    this.#joined = true
    this.#packs = packs
    return true
  }

  post(message: ToPrimary): void {
    if (this.#joined) this.#connection?.channel.post(message)
  }

  close(): void {
    this.#joined = false
    this.#connection?.unwatch()
    this.#connection?.channel.close()
    this.#connection = undefined
  }

  /** The primary of this tab has ended. */
  ownEnded(): void {
    const connection = this.#connection
    if (connection?.own !== true) return
    this.close()
    this.#options.onPrimaryGone(connection.primary)
  }

  #connect({ primary, host }: Announcement): void {
    if (this.#connection?.primary === primary) return
    this.close()
    const { platform, names, lineTo, info, onPrimaryGone } = this.#options
    const own = host === info().member
    const lock = `${names.primaryLock}/${primary}`
    const onDeath = (): void => {
      this.close()
      onPrimaryGone(primary)
    }
    this.#connection = {
      primary,
      own,
      channel: lineTo(primary) ?? platform.channels.open<ToPrimary>(names.inboxPrefix + primary),
      unwatch: own
        ? askAfterLife(platform.clock, platform.locks, lock, onDeath)
        : watchLife(platform.locks, lock, onDeath),
    }
  }
}
