import { type ErrorDetails, OutdatedError } from '../errors/errors.ts'
import type { Platform } from '../platform/platform.ts'
import type { MemberInfo } from '../protocol/messages.ts'
import type { MemberOptions } from '../protocol/page-messages.ts'
import type { Calls } from './calls.ts'
import type { Duty } from './duty.ts'
import { Greeting } from './greeting.ts'
import type { PrimaryLink } from './primary-link.ts'
import type { Reads } from './reads.ts'
import type { Requests } from './requests.ts'

export interface UpgradeOptions {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly duty: Duty
  readonly link: PrimaryLink
  readonly calls: Calls
  readonly reads: Reads
  readonly requests: Requests
  readonly onUnreadable: () => void
  /** This tab is older than another one: its app is to be told, once. */
  readonly onOutdated: () => void
  /** Nothing can be opened in this tab. */
  readonly onFailed: (error: Error) => void
}

/**
 * What becomes of this tab when another one's build is newer. One that knows more migrations goes first, and
 * this tab reads on (R30). One of a newer protocol cannot be followed: this tab ends what it does, and stands
 * for nothing any more (R4).
 */
export class Upgrade {
  readonly #options: UpgradeOptions
  readonly #greeting: Greeting
  /** How many migrations the database has, as the primary told. */
  #databaseSchema = 0
  #ready = false
  #told = false
  #retired = false

  constructor(options: UpgradeOptions) {
    const { platform, duty, onUnreadable } = options
    const { names, build, migrations } = options.options
    this.#options = options
    this.#greeting = new Greeting({
      channels: platform.channels,
      channel: names.helloChannel,
      build,
      schema: migrations.length,
      onNewerProtocol: () => this.#retire(),
      onNewerSchema: () => duty.yieldToNewer(),
      onUnreadable,
    })
  }

  /** Lets all others know of this build, and learns of theirs: at the start, and after an absence. */
  greet(): void {
    this.#greeting.say()
  }

  /** The primary told how many migrations the database has, and whether a tab is open that knows them all. */
  databaseHas(schema: number, newerTab: boolean): void {
    this.#ready = true
    this.#databaseSchema = schema
    if (newerTab) this.#notice()
  }

  /** The newer tab may join after this one has. */
  rosterTold(members: readonly MemberInfo[]): void {
    if (members.some(({ schema }) => schema >= this.#databaseSchema)) this.#notice()
  }

  /** There is another primary than the one that was asked, or none: a retired tab will not hear of the outcome. */
  primaryChanged(): void {
    if (this.#retired) this.#options.requests.failAll(outdated)
  }

  close(): void {
    this.#greeting.close()
  }

  #notice(): void {
    if (this.#databaseSchema > this.#options.options.migrations.length) this.#tell()
  }

  #tell(): void {
    if (this.#told) return
    this.#told = true
    this.#options.onOutdated()
  }

  #retire(): void {
    if (this.#retired) return
    this.#retired = true
    const { duty, link, calls, reads, requests, onFailed } = this.#options
    const error = outdated({ outcome: 'not-applied' })
    if (!this.#ready) return onFailed(error)
    duty.retire()
    calls.retire(error)
    reads.retire(outdated({}))
    // What was sent may still be answered: a primary finishes what runs before it lets go (R7).
    requests.failAll(outdated, link.alive ? 'unsent' : 'all')
    this.#tell()
  }
}

function outdated(details: ErrorDetails): OutdatedError {
  return new OutdatedError(
    'A tab with a newer build has taken this database over: reload this one to go on.',
    details,
  )
}
