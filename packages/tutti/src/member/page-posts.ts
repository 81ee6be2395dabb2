import type { Port } from '../platform/platform.ts'
import type { FromMemberPost, FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'

/**
 * For so many microtasks a change waits for what follows from it: the answer to this tab's own write takes three
 * from the message that brought it, a live query's rows none.
 */
const MICROTASKS = 8

/**
 * This member's messages to its page, in order. A post costs both sides more than what is in it, and a write brings
 * two: what it changed, and its answer. So changes wait a moment, and go along with what follows. No task comes in
 * between, and no read.
 */
export class PagePosts implements Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'> {
  readonly #page: Pick<Port<FromMemberPost, ToMemberWorker>, 'post'>
  #changes: FromMemberWorker[] = []

  constructor(page: Pick<Port<FromMemberPost, ToMemberWorker>, 'post'>) {
    this.#page = page
  }

  post(message: FromMemberWorker, transfer: readonly Transferable[] = []): void {
    if (message.type !== 'change') return this.#send(message, transfer)
    this.#changes.push(message)
    if (this.#changes.length === 1) void this.#sendSoon()
  }

  /** Sends what waits: something begins that may take long. */
  flush(): void {
    this.#send()
  }

  async #sendSoon(): Promise<void> {
    for (let i = 0; i < MICROTASKS; i++) await Promise.resolve()
    this.#send()
  }

  #send(message?: FromMemberWorker, transfer?: readonly Transferable[]): void {
    const messages = this.#changes.splice(0)
    if (message !== undefined) messages.push(message)
    const [first] = messages
    if (first !== undefined) this.#page.post(messages.length === 1 ? first : messages, transfer)
  }
}
