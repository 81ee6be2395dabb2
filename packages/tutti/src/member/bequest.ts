import type { Channels } from '../platform/platform.ts'
import type { ToPrimary } from '../protocol/messages.ts'
import type { Position } from '../protocol/values.ts'
import type { Replica } from './replica.ts'

const PAGES_AT_ONCE = 256

export interface BequestOptions {
  readonly channels: Channels
  readonly inboxPrefix: string
  readonly member: string
  readonly replica: Replica
  readonly position: () => Position | null
}

/** What a replica gives to a new primary on memory storage, which has nothing else to begin with (R28). */
export class Bequest {
  readonly #options: BequestOptions

  constructor(options: BequestOptions) {
    this.#options = options
  }

  tellPosition(primary: string): void {
    const { member, position } = this.#options
    this.#post(primary, { type: 'position', member, position: position() })
  }

  sendPages(primary: string, from: number): void {
    const { member, replica } = this.#options
    this.#post(primary, { type: 'pages', member, from, delta: replica.readPages(from, PAGES_AT_ONCE) })
  }

  /** It is not a primary that could be joined yet, and asks everyone alike: by its inbox. */
  #post(primary: string, message: ToPrimary): void {
    const channel = this.#options.channels.open<ToPrimary>(this.#options.inboxPrefix + primary)
    channel.post(message)
    channel.close()
  }
}
