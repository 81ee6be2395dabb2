import type { RequestKey } from '../protocol/request-key.ts'

/** How an epoch ended. */
export type ReignEnd =
  | { readonly kind: 'handed-over' }
  | { readonly kind: 'demoted' }
  | { readonly kind: 'destroyed' }
  /** Site data was cleared underneath (R29). */
  | { readonly kind: 'gone' }
  /** A write was asked for although the storage had no room for the epoch itself: opening may find room now. */
  | { readonly kind: 'room-wanted' }
  /** Something that was read looked damaged: the file is to be looked through. */
  | { readonly kind: 'suspect' }
  /** The storage failed; these writes were committed and not flushed (R17). */
  | { readonly kind: 'broken'; readonly cause: unknown; readonly unflushed: readonly RequestKey[] }
