import {
  DatabaseClosedError,
  DatabaseDeletedError,
  type ErrorDetails,
  StorageCorruptError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Clock, Port } from '../platform/platform.ts'
import type { FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'
import type { Calls } from './calls.ts'
import type { Requests } from './requests.ts'

export interface EndingOptions {
  readonly clock: Clock
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  readonly requests: Pick<Requests, 'failAll'>
  readonly calls: Pick<Calls, 'end'>
  /** Whether the database was open in this tab. */
  readonly ready: () => boolean
  /** Tells the primary that this member leaves. */
  readonly takeLeave: () => void
  /** Lets go of all that the member has. */
  readonly release: () => void
}

/** How a member ends, and what each call that still waits is told then. */
export class Ending {
  readonly #options: EndingOptions
  #over = false

  constructor(options: EndingOptions) {
    this.#options = options
  }

  /** True from the moment at which nothing is heard, said or done any more. */
  get over(): boolean {
    return this.#over
  }

  /** The database is gone, for every tab. */
  deleted(): void {
    if (this.#over) return
    const { requests, calls, page, ready } = this.#options
    const error = (details: ErrorDetails) =>
      new DatabaseDeletedError('This database was deleted. Open it again to start anew.', details)
    if (!ready()) return this.failed(error({ outcome: 'not-applied' }))
    requests.failAll((details, call) => (call.op === 'destroy' ? null : error(details)))
    calls.end(error({ outcome: 'not-applied' }))
    page.post({ type: 'event', event: 'deleted' })
    this.#end()
  }

  /** Nothing can be asked until the app has decided what becomes of the damaged database (R29.1). */
  async damaged(error: StorageCorruptError): Promise<void> {
    const { requests, clock } = this.#options
    const { message, quarantined, backup } = error
    requests.failAll((details) => new StorageCorruptError(message, { ...details, quarantined, backup }))
    // What is known of each write goes first: the page would only know that it was sent.
    await clock.turn()
    this.failed(error)
  }

  /** This tab cannot go on. */
  failed(error: Error): void {
    if (this.#over) return
    const { page, calls } = this.#options
    page.post({ type: 'failed', error: serializeError(error) })
    calls.end(error)
    this.#end()
  }

  /** The page closed the database. */
  left(): void {
    const { page, requests, calls, takeLeave } = this.#options
    if (this.#over) return page.post({ type: 'left' })
    requests.failAll((details) => new DatabaseClosedError('The database was closed.', details))
    takeLeave()
    calls.end(new DatabaseClosedError('The database was closed.'))
    this.#end()
    page.post({ type: 'left' })
  }

  #end(): void {
    this.#over = true
    this.#options.release()
  }
}
