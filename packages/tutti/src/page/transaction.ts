import type { StatementCall } from '../protocol/call.ts'
import type { Answer } from './ask.ts'
import type { CallOptions } from './call-options.ts'
import { Queries } from './queries.ts'

/**
 * An interactive transaction, as its callback gets it: the database's calls, on a snapshot that no other
 * tab can change meanwhile. It ends with the callback; later calls reject with `TransactionAbortedError`.
 */
export class Transaction extends Queries {
  readonly #send: (call: StatementCall, options: CallOptions) => Promise<Answer>

  constructor(send: (call: StatementCall, options: CallOptions) => Promise<Answer>) {
    super(['signal', 'timeout'])
    this.#send = send
  }

  protected override send(call: StatementCall, options: CallOptions): Promise<Answer> {
    return this.#send(call, options)
  }
}
