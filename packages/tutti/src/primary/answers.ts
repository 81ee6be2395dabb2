import type { Stability } from '../cluster/stability.ts'
import { serializeError } from '../errors/wire.ts'
import type { ToMember } from '../protocol/messages.ts'
import { packResults } from '../protocol/packed.ts'
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
      message: {
        type: 'answer',
        epoch: this.#epoch,
        seq,
        version,
        results: session.info.bundles === true ? packResults(results) : results,
      },
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

  /**
   * Tells `sessions` that `version` may be read, and sends what waited for that. Whoever waits for an answer is
   * told first: each message takes its sender a part of a millisecond, and by now nobody can read anything older. Who
   * was not told of the commit yet, because it cannot read, need not hear of each.
   */
  release(version: number, sessions: Iterable<Session>): void {
    const due = this.#waiting.filter((answer) => answer.version <= version)
    this.#waiting = this.#waiting.filter((answer) => answer.version > version)
    const stable = { type: 'stable', epoch: this.#epoch, version } as const
    const told = new Map<Session, ToMember[]>()
    for (const { session, message } of due) {
      session.end(message)
      const messages = told.get(session)
      if (messages === undefined) told.set(session, [stable, message])
      else messages.push(message)
    }
    for (const [session, messages] of told) session.post(messages)
    for (const session of sessions) if (!told.has(session)) session.postSoon(stable)
  }

  #enqueue(answer: Waiting): void {
    if (answer.version > this.#stability.version) {
      this.#waiting.push(answer)
      return
    }
    answer.session.end(answer.message)
    answer.session.post(answer.message)
  }
}
