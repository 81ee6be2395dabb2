import type { Request } from '../protocol/messages.ts'
import { isOfTransaction, sqlOf } from './call-facts.ts'
import type { Session } from './session.ts'

/** A request, and whose it is. */
export interface Work {
  readonly session: Session
  readonly request: Request
}

/** What waits to be run, in the order of arrival. */
export class RequestQueue {
  #waiting: Work[] = []

  get length(): number {
    return this.#waiting.length
  }

  add(work: Work): void {
    this.#waiting.push(work)
  }

  some(matches: (work: Work) => boolean): boolean {
    return this.#waiting.some(matches)
  }

  find(session: Session, seq: number): Work | undefined {
    return this.#waiting.find((work) => work.session === session && work.request.seq === seq)
  }

  remove(work: Work): void {
    this.#waiting = this.#waiting.filter((each) => each !== work)
  }

  /** Forgets all that `session` asked for. */
  drop(session: Session): void {
    this.#waiting = this.#waiting.filter((work) => work.session !== session)
  }

  /** The first that may run now: while the transaction `tx` is open, the first of its own. */
  next(tx: string | undefined): Work | undefined {
    if (tx === undefined) return this.#waiting[0]
    return this.#waiting.find(({ request }) => isOfTransaction(request.call, tx))
  }

  /** SQL of the first statement of `member` that waits. */
  firstSqlOf(member: string): string | undefined {
    const ofMember = this.#waiting.filter(({ request }) => request.member === member)
    return ofMember.map(({ request }) => sqlOf(request.call)).find((sql) => sql !== undefined)
  }
}
