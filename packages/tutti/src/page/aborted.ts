import { AbortedError } from '../errors/errors.ts'

/** The error of a call that knows no more than that its signal was aborted. */
export function aborted(signal: AbortSignal | undefined): AbortedError {
  return new AbortedError('The signal was aborted.', { cause: signal?.reason })
}
