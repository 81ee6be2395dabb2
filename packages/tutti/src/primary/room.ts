import { StorageFullError, type TuttiError } from '../errors/errors.ts'
import { DeviceFullError, isQuotaError } from '../storage/checked-io.ts'

/**
 * What a full storage kept from being done, over all epochs of one primary (R25). A write that finds no room
 * may end its epoch, and is asked again of the next one: there it is refused, if that one has no more room, so
 * that it does not end epoch after epoch. It is told so once; asked after that, it is a new attempt.
 */
export class Room {
  /** By request id: writes to be refused when they are asked again. */
  readonly #refused = new Map<string, TuttiError>()
  /** Request ids of writes for which the storage is opened once more. */
  readonly #waiting = new Set<string>()
  #refusal: TuttiError | undefined

  /** Why nothing commits in this epoch, where the storage had no room to keep it. */
  get refusal(): TuttiError | undefined {
    return this.#refusal
  }

  /** An epoch begins, and is kept. */
  found(): void {
    this.#refusal = undefined
    this.#waiting.clear()
  }

  /** An epoch begins that can be read, and in which nothing commits. */
  missed(cause: unknown): void {
    this.#refusal = fullError(cause)
    for (const requestId of this.#waiting) this.#refused.set(requestId, fullError(cause))
    this.#waiting.clear()
  }

  /** These writes were lost with their flush, which failed with `cause` (R17). */
  lose(requestIds: readonly string[], cause: unknown): void {
    if (!isFull(cause)) return
    for (const requestId of requestIds) this.#refused.set(requestId, fullError(cause))
  }

  /** Whether a write that ended with `error` is to be asked again of the next epoch, which may have room. */
  awaits(requestId: string, error: unknown): boolean {
    if (this.#refusal === undefined || error !== this.#refusal) return false
    this.#waiting.add(requestId)
    return true
  }

  /** Why a write is not tried again, if it is not; whoever takes it tells it. */
  takeReason(requestId: string): TuttiError | undefined {
    const reason = this.#refused.get(requestId)
    this.#refused.delete(requestId)
    return reason
  }
}

export function isFull(cause: unknown): boolean {
  return cause instanceof DeviceFullError || isQuotaError(cause)
}

export function fullError(cause: unknown): StorageFullError {
  const message = 'The storage is full: the write was undone. Delete something, or free space on the device.'
  return new StorageFullError(message, { outcome: 'not-applied', cause })
}
