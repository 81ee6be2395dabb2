import type { StatementCall } from '../protocol/call.ts'
import type { PageDelta, Position, Statement } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import type { Watch } from './live/watch.ts'
import type { PageCopy } from './page-copy.ts'
import type { Replica, ReplicaCursor, ReplicaRead, SingleCall } from './replica.ts'

/** A replica whose pages go on to the page's own copy, once this one has taken them over. */
export class MirroredReplica implements Replica {
  readonly #replica: Replica
  readonly #copy: PageCopy

  constructor(replica: Replica, copy: PageCopy) {
    this.#replica = replica
    this.#copy = copy
  }

  get position(): Position | null {
    return this.#replica.position
  }

  get bytes(): number {
    return this.#replica.bytes
  }

  get databaseSize(): number {
    return this.#replica.databaseSize
  }

  begin(databaseSize: number): void {
    this.#replica.begin(databaseSize)
    this.#copy.begin(databaseSize)
  }

  put(delta: PageDelta): void {
    this.#replica.put(delta)
    this.#copy.put(delta)
  }

  finish(position: Position): void {
    this.#replica.finish(position)
    this.#copy.finish(position)
  }

  applyDelta(delta: PageDelta, position: Position): void {
    this.#replica.applyDelta(delta, position)
    this.#copy.apply(delta, position)
  }

  clear(): void {
    this.#replica.clear()
    this.#copy.drop()
  }

  isRead(call: StatementCall): boolean {
    return this.#replica.isRead(call)
  }

  read(call: StatementCall, limits: Limits): ReplicaRead {
    return this.#replica.read(call, limits)
  }

  open(statement: Statement): ReplicaCursor | undefined {
    return this.#replica.open(statement)
  }

  watch(call: SingleCall): Watch | undefined {
    return this.#replica.watch(call)
  }

  readPages(from: number, count: number): PageDelta {
    return this.#replica.readPages(from, count)
  }

  isSound(): boolean {
    return this.#replica.isSound()
  }

  copy(): Uint8Array<ArrayBuffer>[] {
    return this.#replica.copy()
  }

  export(): Blob {
    return this.#replica.export()
  }

  close(): void {
    this.#replica.close()
  }
}
