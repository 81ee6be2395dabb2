import type { Port } from '../platform/platform.ts'
import type { FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'
import type { ReplicaUpdate } from '../protocol/sync-reads.ts'
import type { PageDelta, Position } from '../protocol/values.ts'

type PagePort = Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>

const PAGE = 4096
const NOTHING = -1

/**
 * Keeps the page's own copy on the heels of this member's replica, by messages on the port that carries
 * everything else: what the page is told of a version comes after that version's pages, so that the order of
 * messages alone makes its copy as new as anything it knows. Nothing is sent before it is stable.
 */
export class PageCopy implements PagePort {
  readonly #page: PagePort
  readonly #budget: number
  /** Up to which version the page can read, or will when it has read its messages. */
  #shown = NOTHING
  #state: 'coming' | 'following' | 'none' = 'coming'
  /** Of versions that are not stable yet, in order; without `delta` it is the end of a copy. */
  #held: { readonly position: Position; readonly delta: PageDelta | null }[] = []
  /** Messages that tell of versions which the page cannot read yet. */
  #waiting: { readonly version: number; readonly send: () => void }[] = []

  /** @param budget what a copy may weigh, bytes */
  constructor(page: PagePort, budget: number) {
    this.#page = page
    this.#budget = budget
  }

  /** Whether the page can read now, or there will be nothing to read. */
  get settled(): boolean {
    return this.#state === 'none' || this.#shown > NOTHING
  }

  /** Any message to the page: one that tells of a version waits for its pages. */
  post(message: FromMemberWorker, transfer: readonly Transferable[] = []): void {
    if (isLast(message)) this.#giveUp()
    const version = versionOf(message)
    const send = (): void => this.#page.post(message, transfer)
    if (this.#state === 'none' || version <= this.#shown) send()
    else this.#waiting.push({ version, send })
  }

  begin(databaseSize: number): void {
    this.#held = []
    // An export may pin a replica past the budget, which is this tab's and not the page's.
    if (databaseSize * PAGE > this.#budget) return this.drop()
    this.#state = 'coming'
    this.#send({ op: 'begin', databaseSize }, [])
  }

  put(delta: PageDelta): void {
    if (this.#state !== 'none') this.#send({ op: 'put', delta }, [delta])
  }

  finish(position: Position): void {
    if (this.#state !== 'none') this.#held.push({ position, delta: null })
  }

  apply(delta: PageDelta, position: Position): void {
    if (delta.databaseSize * PAGE > this.#budget) return this.drop()
    if (this.#state !== 'none') this.#held.push({ position, delta })
  }

  drop(): void {
    if (this.#state !== 'none') this.#send({ op: 'drop' }, [])
    this.#giveUp()
  }

  /** Versions up to this one may be read. Called between commits, whose deltas may be several. */
  stable(version: number): void {
    const due = this.#held.filter(({ position }) => position.version <= version)
    const last = due.at(-1)?.position
    if (last !== undefined) {
      this.#held = this.#held.slice(due.length)
      const finished = due.find(({ delta }) => delta === null)
      if (finished !== undefined) this.#send({ op: 'finish', position: finished.position }, [])
      const deltas = due.flatMap(({ delta }) => (delta === null ? [] : [delta]))
      if (deltas.length > 0) this.#send({ op: 'apply', deltas, position: last }, deltas)
      this.#state = 'following'
      this.#shown = last.version
    }
    if (this.#state === 'following') this.#release((waiting) => waiting.version <= this.#shown)
  }

  #giveUp(): void {
    this.#state = 'none'
    this.#shown = NOTHING
    this.#held = []
    this.#release(() => true)
  }

  #release(due: (waiting: { readonly version: number }) => boolean): void {
    const waiting = this.#waiting
    this.#waiting = waiting.filter((one) => !due(one))
    for (const one of waiting) if (due(one)) one.send()
  }

  /** Pages move where they are a message's own: the replica has taken them over, and nobody else needs them. */
  #send(update: ReplicaUpdate, deltas: readonly PageDelta[]): void {
    const own = deltas.flatMap(({ bytes: { buffer, byteLength } }) =>
      buffer instanceof ArrayBuffer && buffer.byteLength === byteLength ? [buffer] : [],
    )
    this.#page.post({ type: 'replica', update }, own)
  }
}

/** `NOTHING` where a message tells of no version. */
function versionOf(message: FromMemberWorker): number {
  if (message.type === 'change') return message.change.version
  return message.type === 'answer' || message.type === 'live' ? message.version : NOTHING
}

/** After these no pages come any more. */
function isLast(message: FromMemberWorker): boolean {
  return (
    message.type === 'failed' ||
    message.type === 'left' ||
    (message.type === 'event' && message.event === 'deleted')
  )
}
