import type { Channel, Channels } from '../platform/platform.ts'
import type { Hello } from '../protocol/messages.ts'
import { PROTOCOL, TUTTI_VERSION } from '../protocol/version.ts'

export interface GreetingOptions {
  readonly channels: Channels
  readonly channel: string
  /** How many migrations this build knows. */
  readonly schema: number
  /** A tab with a newer build is there; `otherProtocol` when this one cannot even talk to it. */
  readonly onNewer: (otherProtocol: boolean) => void
}

/** The one channel on which any two builds understand each other (R4): who is older learns it. */
export class Greeting {
  readonly #options: GreetingOptions
  readonly #channel: Channel<Hello>

  constructor(options: GreetingOptions) {
    this.#options = options
    this.#channel = options.channels.open<Hello>(options.channel, (hello) => this.#hear(hello))
  }

  say(): void {
    this.#channel.post({ proto: PROTOCOL, build: TUTTI_VERSION, schema: this.#options.schema })
  }

  close(): void {
    this.#channel.close()
  }

  #hear({ proto, schema }: Hello): void {
    if (proto > PROTOCOL || schema > this.#options.schema) this.#options.onNewer(proto > PROTOCOL)
    else if (proto < PROTOCOL || schema < this.#options.schema) this.say()
  }
}
