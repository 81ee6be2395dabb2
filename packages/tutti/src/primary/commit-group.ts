import type { Request } from '../protocol/messages.ts'
import type { RequestKey } from '../protocol/request-key.ts'
import type { Commit } from './engine.ts'
import { CHUNK, type MadeCommit } from './publisher.ts'

export interface CommitGroupOptions {
  readonly publish: (commits: readonly MadeCommit[]) => void
  /** Makes everything committed durable, at once or, for `relaxed`, soon. */
  readonly flush: (durability: 'full' | 'relaxed') => void | Promise<void>
  readonly flushed: (version: number) => void
}

/**
 * The commits that share one flush (R16). They are published only when the group has run: a replica that
 * acknowledged a commit holds its reads, and must not do so for as long as another statement of the group
 * takes (R11). The flush goes on while the acknowledgements come; but a large commit takes long to flush, and is
 * published when that is done.
 */
export class CommitGroup {
  readonly #options: CommitGroupOptions
  #unpublished: MadeCommit[] = []
  #unflushed: RequestKey[] = []
  #afterFlush: ((version: number) => void)[] = []
  #durability: 'full' | 'relaxed' | undefined
  #pagesInLog = 0
  /** Whether the present group has a large commit, and whether a checkpoint was put off for one. */
  #large = false
  #putOff = false

  constructor(options: CommitGroupOptions) {
    this.#options = options
  }

  /** Writes that are committed and not flushed. */
  get unflushed(): readonly RequestKey[] {
    return this.#unflushed
  }

  /** How far the log has grown since it was last copied into the file. */
  get pagesInLog(): number {
    return this.#pagesInLog
  }

  /** Takes in a commit for member `by`; without a `key` it is Tutti's own. */
  add(
    commit: Commit,
    by: string,
    durability: 'full' | 'relaxed',
    { key, cause }: Partial<Pick<Request, 'key' | 'cause'>> = {},
  ): void {
    if (key !== undefined) this.#unflushed.push(key)
    if (this.#durability !== 'full') this.#durability = durability
    this.#unpublished.push({ commit, by, cause })
  }

  /** Has the next flush done in full, also where nothing was committed; `then` is called after it. */
  requireFlush(then?: (version: number) => void): void {
    this.#durability = 'full'
    if (then !== undefined) this.#afterFlush.push(then)
  }

  publish(): void {
    const commits = this.#unpublished.splice(0)
    for (const { commit } of commits) this.#pagesInLog += commit.delta.numbers.length
    this.#large ||= commits.some(isLarge)
    this.#options.publish(commits)
  }

  /** Publishes and flushes everything up to `version`; false where there was nothing to flush. */
  async flush(version: number): Promise<boolean> {
    if (this.#durability === undefined) return false
    const large = this.#unpublished.some(isLarge)
    if (!large) this.publish()
    await this.#options.flush(this.#durability)
    if (large) this.publish()
    this.#durability = undefined
    this.#unflushed = []
    this.#options.flushed(version)
    for (const then of this.#afterFlush.splice(0)) then(version)
    return true
  }

  /**
   * Whether the log, now of `pages` and more, is to be copied into the file after the last group. Not after a large
   * commit, the first time: everybody is about to fetch it, and reads of those who lack it come here.
   */
  checkpointDue(pages: number): boolean {
    const long = this.#pagesInLog >= pages
    const due = long && (this.#putOff || !this.#large)
    this.#putOff = long
    this.#large = false
    return due
  }

  /** Whether the log is longer than it ever is, because of a large commit. */
  get putOff(): boolean {
    return this.#putOff
  }

  /** The log is about to be copied into the file. */
  checkpointed(): void {
    this.#pagesInLog = 0
    this.#putOff = false
  }
}

function isLarge({ commit }: MadeCommit): boolean {
  return commit.delta.bytes.length > CHUNK || commit.rebuild
}
