import { Elders } from '../cluster/elders.ts'
import type { Channel, Channels } from '../platform/platform.ts'
import {
  type AnswerHead,
  answerHeadSchema,
  type EveryoneMessage,
  everyoneSchema,
  type ToMember,
  toMemberSchema,
} from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import { openChannel } from '../protocol/open-channel.ts'

export interface MemberChannelsOptions {
  readonly channels: Channels
  readonly names: DatabaseNames
  readonly member: string
  readonly hearEveryone: (message: EveryoneMessage) => void
  readonly hearPrimary: (message: ToMember) => void
  /** All that the primary said in one post was heard. */
  readonly heardPrimary: () => void
  /** An answer could not be read: who waits for it is not to wait for its bound. */
  readonly onUnreadableAnswer: (answer: AnswerHead) => void
}

/** Where a member hears and is heard by all; what cannot be read is counted, and goes no further. */
export class MemberChannels {
  readonly everyone: Channel<EveryoneMessage>
  readonly #inbox: Channel<ToMember>
  readonly #elders: Elders
  readonly #member: string
  #unreadable = 0

  constructor(options: MemberChannelsOptions) {
    const { channels, names, member, hearEveryone, hearPrimary, heardPrimary, onUnreadableAnswer } = options
    this.#member = member
    this.everyone = openChannel(channels, {
      name: names.everyoneChannel,
      schema: everyoneSchema,
      hear: hearEveryone,
      onUnreadable: () => this.countUnreadable(),
    })
    this.#inbox = openChannel(channels, {
      name: names.inboxPrefix + member,
      schema: toMemberSchema,
      hear: hearPrimary,
      heard: heardPrimary,
      onUnreadable: (value) => {
        this.countUnreadable()
        if (answerHeadSchema.accepts(value)) onUnreadableAnswer(value)
      },
    })
    this.#elders = new Elders({ channels, names: names.elderChannels })
  }

  /** Messages so far that could not be read. */
  get unreadable(): number {
    return this.#unreadable
  }

  countUnreadable(): void {
    this.#unreadable++
  }

  /** Shows everyone that this member is starting a primary (R6). */
  showCandidate(): void {
    const sign = { type: 'candidate', member: this.#member } as const
    this.everyone.post(sign)
    this.#elders.post(sign)
  }

  close(): void {
    this.everyone.close()
    this.#inbox.close()
    this.#elders.close()
  }
}
