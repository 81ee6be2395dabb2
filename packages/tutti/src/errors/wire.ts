import { ERROR_CLASSES, type ErrorCode } from './error-codes.ts'
import { InternalError, type Outcome, ParameterError, StorageCorruptError, TuttiError } from './errors.ts'

/** An error as it crosses a port or a channel: the same class and code on both sides. */
export interface WireError {
  readonly code: ErrorCode
  readonly message: string
  readonly outcome?: Outcome
  readonly requestId?: string
  readonly resultCode?: number
  readonly sql?: string
  readonly offset?: number
  readonly quarantined?: string
  readonly backup?: boolean
  /** The cause's message: causes themselves may not be cloneable. */
  readonly cause?: string
}

/** Makes any thrown value sendable; one that is not Tutti's becomes `INTERNAL`, with its message kept. */
export function serializeError(error: unknown): WireError {
  if (error instanceof ParameterError) {
    return {
      code: 'PARAMETER',
      message: error.message,
      ...(error.sql === undefined ? {} : { sql: error.sql }),
    }
  }
  if (!(error instanceof TuttiError)) {
    return { code: 'INTERNAL', message: `Tutti failed inside: ${describe(error)}`, cause: describe(error) }
  }
  return {
    code: error.code as ErrorCode,
    message: error.message,
    ...(error.outcome === undefined ? {} : { outcome: error.outcome }),
    ...(error.requestId === undefined ? {} : { requestId: error.requestId }),
    ...(error.resultCode === undefined ? {} : { resultCode: error.resultCode }),
    ...(error.sql === undefined ? {} : { sql: error.sql }),
    ...(error.offset === undefined ? {} : { offset: error.offset }),
    ...damageOf(error),
    ...(error.cause === undefined ? {} : { cause: describe(error.cause) }),
  }
}

/** The error again, as an instance of its own class. A code of a newer build becomes `INTERNAL`. */
export function deserializeError(wire: WireError): TuttiError | ParameterError {
  if (wire.code === 'PARAMETER') return new ParameterError(wire.message, wire)
  const details = { ...wire, cause: wire.cause === undefined ? undefined : new Error(wire.cause) }
  const ErrorClass = Object.hasOwn(ERROR_CLASSES, wire.code) ? ERROR_CLASSES[wire.code] : InternalError
  return new ErrorClass(wire.message, details)
}

function damageOf(error: TuttiError): Pick<WireError, 'quarantined' | 'backup'> {
  if (!(error instanceof StorageCorruptError) || error.quarantined === undefined) return {}
  return { quarantined: error.quarantined, backup: error.backup === true }
}

function describe(value: unknown): string {
  return value instanceof Error ? (value.stack ?? `${value.name}: ${value.message}`) : String(value)
}
