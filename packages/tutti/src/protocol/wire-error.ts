import type { ErrorCode } from '../errors/error-codes.ts'
import type { WireError } from '../errors/wire.ts'
import { count, flag, object, oneOf, optional, type Schema, text } from './schema.ts'

/** An error as it crosses a channel. Its code may be one that only a newer build knows. */
export const wireErrorSchema: Schema<WireError> = object({
  code: text as unknown as Schema<ErrorCode>,
  message: text,
  outcome: optional(oneOf('not-applied', 'unknown')),
  requestId: optional(text),
  resultCode: optional(count),
  sql: optional(text),
  offset: optional(count),
  quarantined: optional(text),
  backup: optional(flag),
  cause: optional(text),
})
