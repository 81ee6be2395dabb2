import type { Port } from '../platform/platform.ts'
import type { FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'
import type { Position, StorageKind } from '../protocol/values.ts'
import type { PageCopy } from './page-copy.ts'

export interface ReadinessOptions {
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  readonly copy: Pick<PageCopy, 'settled'> | undefined
  readonly member: string
  readonly storage: () => StorageKind
  readonly onReady: () => void
}

/** Tells the page, once, that the database can be read and written: with `syncReads`, on its own thread too. */
export class Readiness {
  readonly #options: ReadinessOptions
  #welcome: Position | null = null
  #ready = false

  constructor(options: ReadinessOptions) {
    this.#options = options
  }

  get ready(): boolean {
    return this.#ready
  }

  /** A primary that knows this build's migrations has spoken. */
  welcomed(position: Position): void {
    this.#welcome = position
    this.progress()
  }

  progress(): void {
    const { page, copy, member, storage, onReady } = this.#options
    if (this.#ready || this.#welcome === null || copy?.settled === false) return
    this.#ready = true
    const { version, incarnation } = this.#welcome
    page.post({ type: 'ready', member, storage: storage(), version, incarnation })
    onReady()
  }
}
