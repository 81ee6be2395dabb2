import type { TuttiError } from '../errors/errors.ts'

/** Why writes are refused in an epoch that the storage has no room for. */
export interface WithoutRoom {
  readonly refusal: TuttiError
  /** Ids of writes for which opening the storage once more did not help. */
  readonly tried: Set<string>
}
