import type { Channel, Channels } from '../platform/platform.ts'
import { type Hello, helloSchema } from '../protocol/messages.ts'
import { openChannel } from '../protocol/open-channel.ts'
import type { Build } from '../protocol/version.ts'

export interface GreetingOptions {
  readonly channels: Channels
  readonly channel: string
  readonly build: Build
  /** How many migrations this build knows. */
  readonly schema: number
  /** A tab is there whose protocol is newer: this one cannot even talk to it. */
  readonly onNewerProtocol: () => void
  /** A tab of this protocol is there that knows more migrations. */
  readonly onNewerSchema: () => void
  readonly onUnreadable: () => void
}

/** The one channel on which any two builds understand each other (R4): who is older learns it. */
export class Greeting {
  readonly #options: GreetingOptions
  readonly #channel: Channel<Hello>

  constructor(options: GreetingOptions) {
    this.#options = options
    this.#channel = openChannel(options.channels, {
      name: options.channel,
      schema: helloSchema,
      hear: (hello) => this.#hear(hello),
      onUnreadable: options.onUnreadable,
    })
  }

  say(): void {
    const { build, schema } = this.#options
    this.#channel.post({ proto: build.protocol, build: build.version, schema })
  }

  close(): void {
    this.#channel.close()
  }

  /** The protocol decides; migrations are compared only by those who can follow one primary. */
  #hear({ proto, schema }: Hello): void {
    const { build, schema: known, onNewerProtocol, onNewerSchema } = this.#options
    if (proto > build.protocol) return onNewerProtocol()
    if (proto < build.protocol) return this.say()
    if (schema > known) onNewerSchema()
    else if (schema < known) this.say()
  }
}
