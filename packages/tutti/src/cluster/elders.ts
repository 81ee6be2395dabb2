import type { Channel, Channels } from '../platform/platform.ts'
import { type ElectionMessage, electionSchema } from '../protocol/messages.ts'
import { openChannel } from '../protocol/open-channel.ts'

export interface EldersOptions {
  readonly channels: Channels
  /** Of every protocol before this one, the channel that everyone hears. */
  readonly names: readonly string[]
  /** One of them asks whether there is a primary. */
  readonly onWho?: () => void
}

/**
 * Members of older protocols. They cannot be talked to, but stand in the same queue, and would take a
 * candidate or a primary that they never hear for one that hangs, and rob it (R6): so it shows them that it
 * lives, in words that all protocols share.
 */
export class Elders {
  readonly #channels: readonly Channel<ElectionMessage>[]

  constructor({ channels, names, onWho = () => undefined }: EldersOptions) {
    this.#channels = names.map((name) =>
      openChannel(channels, {
        name,
        schema: electionSchema,
        hear: (message) => {
          if (message.type === 'who') onWho()
        },
        // What else they say among themselves is not for this build.
        onUnreadable: () => undefined,
      }),
    )
  }

  post(message: ElectionMessage): void {
    for (const channel of this.#channels) channel.post(message)
  }

  close(): void {
    for (const channel of this.#channels) channel.close()
  }
}
