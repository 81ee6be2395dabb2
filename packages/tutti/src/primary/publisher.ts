import type { Stability } from '../cluster/stability.ts'
import type { ToMember, Want } from '../protocol/messages.ts'
import type { PageDelta } from '../protocol/values.ts'
import { PAGE_SIZE } from '../storage/page-size.ts'
import { lengthOf } from '../storage/pieces.ts'
import { DeltaEncoder } from './delta-encoder.ts'
import { DeltaRing } from './delta-ring.ts'
import type { Commit, Engine } from './engine.ts'
import type { Session } from './session.ts'

/** What may be under way to one member, bytes; beyond it the member fetches by itself (R24). */
const UNACKNOWLEDGED = 4 * 1024 * 1024
/** The largest delta that is sent unasked, and the size of a bootstrap chunk, bytes. */
export const CHUNK = 1024 * 1024
/** What a member that is behind gets at once of a large delta, bytes: its reads are answered in between. */
const PART = 256 * 1024

/** A commit, and its delta as it is sent to those who take pieces of pages. */
interface EncodedCommit extends MadeCommit {
  readonly encoded: PageDelta
}

export interface PublisherOptions {
  readonly engine: Engine
  readonly stability: Stability
  /** On memory storage every replica counts, also one that has yet to catch up (R28). */
  readonly replicasAreTheStorage: boolean
  /** Whether a member may still read on a lease. */
  readonly lent: (member: string) => boolean
  readonly sessions: () => Iterable<Session>
}

/** A commit, the member whose write it was, and what that calls its reason. */
export interface MadeCommit {
  readonly commit: Commit
  readonly by: string
  readonly cause?: string | undefined
}

/**
 * Sends every commit to every member: its pages to those that follow, its change set to all. It may post
 * before the flush, because no replica applies a version before it is declared stable (R9, R17).
 */
export class Publisher {
  readonly #options: PublisherOptions
  readonly #encoder = new DeltaEncoder()
  readonly #ring = new DeltaRing()
  #version: number

  constructor(options: PublisherOptions) {
    this.#options = options
    this.#version = options.engine.version
    for (const entry of options.engine.recovered) this.#ring.push(entry)
  }

  /** The last version that members were told of; a group that is running may have committed more. */
  get version(): number {
    return this.#version
  }

  /**
   * Sends `commits`, which follow each other. Only those who may read have to hear of them before they are
   * stable (R9): the others do when they are, in the same post.
   */
  publish(commits: readonly MadeCommit[]): void {
    const { replicasAreTheStorage, lent } = this.#options
    const encoded = commits.map((made) => this.#encode(made))
    for (const session of this.#options.sessions()) {
      const tidings = encoded.map((made) => this.#tidingsOf(made, session))
      // What waits here is under way, too: it must not keep a member from following (R24).
      const much = underWay(session) > CHUNK
      if (replicasAreTheStorage || lent(session.member) || much) session.post(tidings)
      else session.defer(tidings)
    }
  }

  /** Tells all of what only some were told so far: everyone is about to be lent a lease. */
  catchUp(): void {
    for (const session of this.#options.sessions()) session.post([])
  }

  /** `session` holds its reads from `version` on; `complete` when it also has the pages. */
  acknowledged(session: Session, version: number, complete: boolean): void {
    const { unacknowledged } = session
    while (unacknowledged[0] !== undefined && unacknowledged[0].version <= version) unacknowledged.shift()
    const { stability, replicasAreTheStorage } = this.#options
    if (complete) stability.acknowledge(session.member, version)
    // It asks the primary until it has fetched the rest: nobody waits for it, unless it is the storage (R28). One
    // that has it already is late: members before 0.2 fetch first.
    else if (!replicasAreTheStorage && !session.following) stability.unfollow(session.member)
  }

  /** How a replica at `version` of this history gets to the present. */
  follow(version: number): 'current' | 'deltas' | 'rebuild' {
    if (version === this.#version) return 'current'
    return this.#ring.covers(version, this.#version) ? 'deltas' : 'rebuild'
  }

  /** From here on `session` receives every commit; it has everything up to the present version. */
  begin(session: Session): void {
    session.following = true
    session.fetching = undefined
    session.unacknowledged.length = 0
    this.#options.stability.follow(session.member, this.#version)
  }

  /** Answers one fetch of pages, which are read as committed: never call it inside a transaction. */
  servePages(session: Session, from: number, copy: number | undefined): void {
    const { engine } = this.#options
    // From its first page on a replica in building also gets the deltas: each page ends at its latest state.
    if (from === 1) this.begin(session)
    const delta = engine.readPages(from, CHUNK / PAGE_SIZE)
    const last = from + delta.numbers.length > engine.databaseSize
    session.post({
      type: 'pages',
      epoch: engine.epoch,
      from,
      version: this.#version,
      delta,
      last,
      ...(copy !== undefined && { copy }),
    })
  }

  /**
   * Answers one fetch of a delta: a part of it, so that what else its member asks and is told comes in between.
   *
   * @param whole all that is left, because soon nobody may be heard
   */
  serveDelta(session: Session, { after, from }: Extract<Want, { kind: 'deltas' }>, whole = false): void {
    // The rest of what it asks for was sent unasked meanwhile, or it began anew.
    const goesOn = session.fetching?.after === after && session.fetching.from === from
    if (from !== undefined && from > 0 && !goesOn) return
    session.fetching = { after, from: from ?? 0 }
    if (from === undefined || whole) this.#sendRest(session)
    else this.#sendPart(session, PART)
  }

  /** Sends what is left of what members fetch: nobody who asks for a part is heard while something else runs. */
  sendRests(): void {
    for (const session of this.#options.sessions()) this.#sendRest(session)
  }

  #sendRest(session: Session): void {
    while (session.fetching !== undefined) this.#sendPart(session, CHUNK, true)
  }

  #sendPart(session: Session, size: number, more?: true): void {
    const { fetching } = session
    if (fetching === undefined) return
    const { engine } = this.#options
    const { after, from } = fetching
    const entry = this.#ring.next(after)
    session.fetching = undefined
    // A member before 0.2 takes whole pages only, and builds its replica anew.
    const legible = entry?.delta.spans === undefined || session.info.bundles === true
    if (entry === undefined || !legible) return session.post({ type: 'gap', epoch: engine.epoch })
    const { version } = entry
    const { delta, end } = partOf(entry.delta, from, size)
    const final = end >= entry.delta.numbers.length
    const last = final && version === this.#version
    if (last) this.begin(session)
    if (!final) session.fetching = { after, from: end }
    const unasked = more !== undefined && !final && { more }
    session.post({ type: 'deltas', epoch: engine.epoch, version, delta, final, last, from, ...unasked })
  }

  #encode(made: MadeCommit): EncodedCommit {
    const { version, delta, rebuild } = made.commit
    this.#version = version
    if (rebuild) {
      this.#encoder.forget()
      this.#ring.clear()
      return { ...made, encoded: delta }
    }
    const encoded = this.#encoder.encode(delta)
    this.#ring.push({ version, delta: encoded })
    return { ...made, encoded }
  }

  /** What `session` is told of a commit. After a rebuild its pages are of no use any more (R2). */
  #tidingsOf({ commit, encoded, by, cause }: EncodedCommit, session: Session): ToMember {
    const { version, changes, rebuild } = commit
    const delta = session.info.bundles === true ? encoded : commit.delta
    const { epoch } = this.#options.engine
    const base = { epoch, version, changes, by, ...(cause === undefined ? {} : { cause }) }
    const bytes = delta.bytes.byteLength
    if (!rebuild && !session.following) return { type: 'delta', ...base, delta: null }
    if (rebuild || bytes > CHUNK || underWay(session) + bytes > UNACKNOWLEDGED) {
      session.following = false
      session.unacknowledged.length = 0
      return { type: rebuild ? 'rebuild' : 'behind', ...base }
    }
    session.unacknowledged.push({ version, bytes })
    return { type: 'delta', ...base, delta }
  }
}

/** Up to `size` bytes of a delta, from its entry `from` on; `end` is where the next part begins. */
function partOf(
  { numbers, spans, bytes, databaseSize }: PageDelta,
  from: number,
  size: number,
): { readonly delta: PageDelta; readonly end: number } {
  const length = (i: number): number => (spans === undefined ? PAGE_SIZE : lengthOf(spans[i] ?? 0))
  let start = 0
  for (let i = 0; i < from; i++) start += length(i)
  let [end, past] = [from, start]
  for (; end < numbers.length && past + length(end) - start <= size; end++) past += length(end)
  const delta = {
    numbers: numbers.slice(from, end),
    ...(spans && { spans: spans.slice(from, end) }),
    bytes: bytes.slice(start, past),
    databaseSize,
  }
  return { delta, end }
}

function underWay(session: Session): number {
  return session.unacknowledged.reduce((sum, { bytes }) => sum + bytes, 0)
}
