import { ParameterError } from '../errors/errors.ts'

/** What every call takes as its last argument. */
export interface CallOptions {
  /** Aborting it interrupts the call, also while its statement runs. The promise then ends within a second. */
  readonly signal?: AbortSignal
  /** The longest time that the whole call may take, ms. */
  readonly timeout?: number
  /**
   * A key of your own, such as a random UUID that you keep: a write happens once under it, however often
   * it is asked, also after a reload, and each answer is the first one's.
   */
  readonly id?: string
  /** What you call the reason of this write: `onChange` and live queries of all tabs are told. */
  readonly cause?: string
}

/** What a call of one statement takes as well. */
export interface StatementOptions extends CallOptions {
  /** Refuse the statement with `StatementRefusedError` unless SQLite judges it read-only. */
  readonly readonly?: boolean
}

/**
 * @param known the options that the call in question has
 * @throws {ParameterError} naming the option that cannot be used
 */
export function checkOptions<Options extends StatementOptions>(
  options: Options | undefined,
  known: readonly (keyof Options & string)[],
): Options | Record<string, never> {
  if (options === undefined) return {}
  if (typeof options !== 'object' || options === null) {
    throw new ParameterError(`Options must be an object, not ${String(options)}.`)
  }
  for (const name of Object.keys(options)) {
    if (!(known as readonly string[]).includes(name)) {
      throw new ParameterError(`This call has no option '${name}'; it has ${known.join(', ')}.`)
    }
  }
  const { signal, timeout, id, cause, readonly } = options
  if (signal !== undefined && !isSignal(signal))
    throw new ParameterError("Option 'signal' is no AbortSignal.")
  if (timeout !== undefined) checkDuration('timeout', timeout)
  checkText('id', id)
  checkText('cause', cause)
  if (readonly !== undefined && typeof readonly !== 'boolean') {
    throw new ParameterError("Option 'readonly' must be true or false.")
  }
  return options
}

/** @throws {ParameterError} where `value` is no time in milliseconds */
export function checkDuration(name: string, value: unknown): void {
  if (typeof value !== 'number' || !Number.isFinite(value) || value <= 0) {
    throw new ParameterError(`Option '${name}' must be a time in milliseconds, greater than 0.`)
  }
}

function checkText(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'string' && value !== '')) return
  throw new ParameterError(`Option '${name}' must be a string that is not empty.`)
}

function isSignal(value: unknown): value is AbortSignal {
  return typeof value === 'object' && value !== null && 'aborted' in value && 'addEventListener' in value
}
