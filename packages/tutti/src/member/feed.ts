import { mark } from '../platform/marks.ts'
import type { ToMember, Want } from '../protocol/messages.ts'
import type { ChangeSet, PageDelta, Position } from '../protocol/values.ts'
import type { Acknowledgement } from './acknowledgements.ts'
import type { Replica } from './replica.ts'
import type { Tidings } from './tidings.ts'

/** What a replica may weigh, bytes, with `replica: 'auto'`. */
export const REPLICA_BUDGET = 64 * 1024 * 1024
const PAGE = 4096

/** `live`: follows every commit; `building` and `fetching`: reads go to the primary; `none`: they always do. */
export type FeedMode = 'none' | 'building' | 'fetching' | 'live'

export interface Change {
  readonly version: number
  readonly changes: ChangeSet
  /** The member whose write it was. */
  readonly by: string
  /** What its app called the reason of it. */
  readonly cause?: string | undefined
}

export interface FeedOptions {
  readonly replica: Replica
  /** What the replica may weigh, bytes. */
  readonly budget: () => number
  /** Says that reads are held, and whether the pages, so many `bytes`, are here as well. */
  readonly acknowledge: (acknowledgement: Acknowledgement, bytes: number) => void
  readonly fetch: (want: Want) => void
  /** Called after anything on which a waiting read may depend. */
  readonly onProgress: () => void
  readonly onMode: (mode: FeedMode) => void
  /** Hears of each commit that can be read now, and of versions of which nothing came. */
  readonly tidings: Pick<Tidings, 'changed' | 'missed'>
}

type FeedMessage = Extract<ToMember, { type: 'delta' | 'behind' | 'rebuild' | 'pages' | 'deltas' | 'gap' }>

/**
 * Keeps the replica on the primary's heels. A commit is received, and from then on
 * reads are held until the primary declares it stable; only then is it applied (R9).
 */
export class Feed {
  readonly #options: FeedOptions
  #mode: FeedMode = 'none'
  /** Where the replica's pages stand. */
  #position: Position | null = null
  #epoch = 0
  #incarnation = ''
  /** Last version received, applied or not. */
  #received = 0
  #stable = 0
  #pending: { version: number; delta: PageDelta }[] = []
  #parts: PageDelta[] = []
  #changes: Change[] = []
  #databaseSize = 0
  /** Up to which version what changed was told. */
  #told = 0
  #pinned = 0
  #givenUp = false
  /** Number of the copy that is being made, or was made last, and the page that it lacks first. */
  #copy = 0
  #next = 1
  #whenLive: (() => void)[] = []

  constructor(options: FeedOptions) {
    this.#options = options
  }

  get mode(): FeedMode {
    return this.#mode
  }

  /** What others are told of the replica. */
  get state(): 'none' | 'building' | 'ready' {
    if (this.#givenUp) return 'none'
    return this.#mode === 'live' ? 'ready' : 'building'
  }

  /** True while there is no replica on purpose: not wanted, or too large. */
  get givenUp(): boolean {
    return this.#givenUp
  }

  get position(): Position | null {
    return this.#position
  }

  get stable(): number {
    return this.#stable
  }

  /** True when the replica is at the primary's last word: nothing received is waiting to be stable. */
  get readable(): boolean {
    return (
      this.#mode === 'live' &&
      this.#pending.length === 0 &&
      this.#position !== null &&
      this.#position.epoch === this.#epoch &&
      this.#position.version <= this.#stable
    )
  }

  /** A new epoch, or the same after an absence: what was not declared stable is dropped (R17). */
  welcome(message: Extract<ToMember, { type: 'welcome' }>, wanted: boolean): void {
    const { position, follow } = message
    // A number of the epoch before may by now be that of another commit (R1).
    const same = position.epoch === this.#epoch && position.incarnation === this.#incarnation
    this.#changes = same ? this.#changes.filter(({ version }) => version <= position.version) : []
    if (!same && this.#pending.length > 0) mark('a new epoch discards what was received and never declared')
    // What was before the first word of a primary is no change.
    if (this.#incarnation === '') this.#told = position.version
    this.#pending = []
    this.#parts = []
    this.#stable = 0
    this.#epoch = position.epoch
    this.#incarnation = position.incarnation
    this.#databaseSize = message.databaseSize
    const has = this.#position
    if (!wanted || (follow === 'rebuild' && !this.#fits(message.databaseSize))) return this.#drop()
    if (follow === 'rebuild' || has === null) {
      if (has !== null) mark('a replica may not follow, and is built anew')
      return this.#build()
    }
    if (!same) mark('a replica follows into the next epoch')
    this.#received = has.version
    this.#position = { ...position, version: has.version }
    if (follow === 'current') return this.#go('live')
    this.#fetchDeltas()
  }

  receive(message: FeedMessage): void {
    if (message.epoch !== this.#epoch) return
    switch (message.type) {
      case 'delta':
        this.#changes.push(message)
        if (message.delta !== null) this.#receiveDelta(message.version, message.delta)
        return
      case 'behind':
        this.#changes.push(message)
        // Before it asks for the pages: who has got them is waited for again (R9).
        this.#acknowledge(message.version, false)
        if (this.#mode === 'building') this.#build()
        else if (this.#mode === 'live') {
          mark('a replica is behind, and fetches')
          this.#fetchDeltas()
        }
        return
      case 'rebuild':
        this.#changes.push(message)
        this.#acknowledge(message.version, false)
        if (this.#mode !== 'none') this.#build()
        return
      case 'pages':
        return this.#receivePages(message)
      case 'deltas':
        return this.#receiveParts(message)
      case 'gap':
        mark('a replica fetches across a gap, and is built anew')
        if (this.#mode !== 'none') this.#build()
        return
      default:
        return message satisfies never
    }
  }

  /** The primary has committed `version`: a replica that has not heard of it missed messages while it was away. */
  notice(version: number): void {
    if (this.#mode !== 'live' || version <= this.#received) return
    mark('a replica learns of a commit that it never received')
    this.#fetchDeltas()
  }

  /** `version` may be read: every live member has it or has lost its lease. */
  declareStable(epoch: number, version: number): void {
    if (epoch !== this.#epoch || version <= this.#stable) return
    this.#stable = version
    this.notice(version)
    this.#applyUpTo(this.#stable)
    this.#tellChanges()
    this.#options.onProgress()
  }

  /**
   * Applies what was received and is not declared stable: on memory storage a commit that a replica has
   * acknowledged exists for good, for it may be the only one left (R28). Reads stay held.
   */
  applyReceived(): void {
    if (this.#mode === 'live') this.#applyUpTo(this.#received)
  }

  /** In pages, as last told by the primary. */
  get databaseSize(): number {
    return Math.max(this.#databaseSize, this.#options.replica.databaseSize)
  }

  /** The replica turned out not to be sound: begins it anew. */
  rebuild(): void {
    if (this.#mode !== 'none') this.#build()
  }

  /** Keeps a replica whatever its size, until {@link unpin}: for an export. */
  pin(): void {
    this.#pinned++
    if (this.#mode === 'none') this.#build()
  }

  unpin(): void {
    this.#pinned--
    const { replica, budget } = this.#options
    if (this.#pinned === 0 && this.#mode !== 'none' && replica.bytes > budget()) this.#drop()
  }

  /** Resolves when the replica follows every commit. */
  async whenLive(): Promise<void> {
    while (this.#mode !== 'live') await new Promise<void>((resolve) => this.#whenLive.push(resolve))
  }

  #fits(databaseSize: number): boolean {
    return this.#pinned > 0 || databaseSize * PAGE <= this.#options.budget()
  }

  #receiveDelta(version: number, delta: PageDelta): void {
    if (this.#mode !== 'building' && this.#mode !== 'live') return
    const bytes = delta.bytes.byteLength
    if (version <= this.#received) return this.#acknowledge(version, true, bytes)
    if (this.#mode === 'building') {
      mark('a replica gets a delta while it is built')
      this.#options.replica.put(delta)
      this.#received = version
      return this.#acknowledge(version, true, bytes)
    }
    if (version !== this.#received + 1) {
      mark('a replica missed a delta, and fetches')
      return this.#fetchDeltas()
    }
    this.#received = version
    this.#pending.push({ version, delta })
    this.#acknowledge(version, true, bytes)
  }

  #acknowledge(version: number, complete: boolean, bytes = 0): void {
    this.#options.acknowledge({ epoch: this.#epoch, version, complete }, bytes)
  }

  #receivePages({
    from,
    version,
    delta,
    last,
    copy = this.#copy,
  }: Extract<FeedMessage, { type: 'pages' }>): void {
    // What an earlier copy asked for may come when this one has begun: its pages are of another time.
    if (this.#mode !== 'building' || copy !== this.#copy || from !== this.#next) return
    const { replica, fetch } = this.#options
    if (from === 1) {
      replica.begin(delta.databaseSize)
      this.#received = version
    }
    replica.put(delta)
    this.#next += delta.numbers.length
    if (!last) return fetch({ kind: 'pages', from: this.#next, copy })
    this.#position = { incarnation: this.#incarnation, epoch: this.#epoch, version: this.#received }
    replica.finish(this.#position)
    this.#go('live')
  }

  #receiveParts({ version, delta, final, last, from, more }: Extract<FeedMessage, { type: 'deltas' }>): void {
    if (this.#mode !== 'fetching' || version !== this.#received + 1) return
    // Asked for twice, it comes twice.
    if (from !== undefined && from !== this.#entriesInParts) return
    this.#parts.push(delta)
    if (!final) return from === undefined || more === true ? undefined : this.#fetchNext()
    for (const part of this.#parts.splice(0)) this.#pending.push({ version, delta: part })
    this.#received = version
    this.#acknowledge(version, true)
    this.#applyUpTo(this.#stable)
    // What it applied may have grown it past its budget: then it is gone.
    if (this.#givenUp) return
    if (last) this.#go('live')
    else this.#fetchNext()
  }

  #applyUpTo(version: number): void {
    let applied: { version: number; delta: PageDelta } | undefined
    while (this.#pending[0] !== undefined && this.#pending[0].version <= version) {
      applied = this.#pending.shift()
      if (applied !== undefined) this.#options.replica.applyDelta(applied.delta, this.#at(applied.version))
    }
    if (applied === undefined) return
    this.#position = this.#at(applied.version)
    if (!this.#fits(applied.delta.databaseSize)) this.#drop()
  }

  /** Tells what changed up to the stable version: each commit, and those that were missed. */
  #tellChanges(): void {
    while (this.#changes[0] !== undefined && this.#changes[0].version <= this.#stable) {
      const change = this.#changes.shift()
      if (change === undefined || change.version <= this.#told) continue
      this.#tellMissed(change.version - 1)
      this.#told = change.version
      this.#options.tidings.changed(change)
    }
    this.#tellMissed(this.#stable)
  }

  #tellMissed(to: number): void {
    if (to <= this.#told) return
    const from = this.#told + 1
    this.#told = to
    this.#options.tidings.missed(from, to)
  }

  #at(version: number): Position {
    return { incarnation: this.#incarnation, epoch: this.#epoch, version }
  }

  #build(): void {
    this.#givenUp = false
    this.#position = null
    this.#pending = []
    this.#parts = []
    this.#go('building')
    this.#next = 1
    this.#options.fetch({ kind: 'pages', from: this.#next, copy: ++this.#copy })
  }

  #fetchDeltas(): void {
    this.#parts = []
    this.#go('fetching')
    this.#fetchNext()
  }

  #fetchNext(): void {
    this.#options.fetch({ kind: 'deltas', after: this.#received, from: this.#entriesInParts })
  }

  get #entriesInParts(): number {
    return this.#parts.reduce((sum, { numbers }) => sum + numbers.length, 0)
  }

  #drop(): void {
    this.#givenUp = true
    this.#position = null
    this.#pending = []
    this.#options.replica.clear()
    // Told also where none was ever begun: that it is given up is news.
    this.#mode = 'none'
    this.#options.onMode('none')
    this.#options.onProgress()
  }

  #go(mode: FeedMode): void {
    if (mode === this.#mode) return this.#options.onProgress()
    this.#mode = mode
    if (mode === 'live') for (const resolve of this.#whenLive.splice(0)) resolve()
    this.#options.onMode(mode)
    this.#options.onProgress()
  }
}
