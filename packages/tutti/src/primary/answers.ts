import type { Stability } from '../cluster/stability.ts'
import { serializeError } from '../errors/wire.ts'
import type { ToMember } from '../protocol/messages.ts'
import type { StatementResult } from '../protocol/values.ts'
import type { Session } from './session.ts'

interface Waiting {
  readonly version: number
  readonly session: Session
  readonly message: Extract<ToMember, { type: 'answer' }>
}

/**
 * Answers leave only when the version they tell of is stable, errors too: a refused duplicate tells
 * of the row that is already there (R9, promise 1).
 */
export class Answers {
  readonly #stability: Stability
  readonly #epoch: number
  #waiting: Waiting[] = []

  constructor(epoch: number, stability: Stability) {
    this.#epoch = epoch
    this.#stability = stability
  }

  succeed(session: Session, seq: number, version: number, results: readonly StatementResult[]): void {
    this.#enqueue({
      version,
      session,
      message: { type: 'answer', epoch: this.#epoch, seq, version, results },
    })
  }

  fail(session: Session, seq: number, version: number, error: unknown, requestId?: string): void {
    const wire = serializeError(error)
    const message = {
      type: 'answer',
      epoch: this.#epoch,
      seq,
      version,
      results: [],
      error: wire.outcome === undefined || requestId === undefined ? wire : { ...wire, requestId },
    } as const
    this.#enqueue({ version, session, message })
  }

  get pending(): number {
    return this.#waiting.length
  }

  /** Sends what waited for `stable`. */
  release(stable: number): void {
    const due = this.#waiting.filter(({ version }) => version <= stable)
    if (due.length === 0) return
    this.#waiting = this.#waiting.filter(({ version }) => version > stable)
    for (const answer of due) send(answer)
  }

  #enqueue(answer: Waiting): void {
    if (answer.version <= this.#stability.version) send(answer)
    else this.#waiting.push(answer)
  }
}

function send({ session, message }: Waiting): void {
  session.inFlight.delete(message.seq)
  if (message.error === undefined) session.post(message)
  else session.refuse(message.seq, message)
}
