import type { Device } from './device.ts'

/** The device took fewer bytes than it was given: quota or disk is full. */
export class DeviceFullError extends Error {
  constructor(message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'DeviceFullError'
  }
}

/**
 * Writes all of `from`, or throws {@link DeviceFullError}: for a short count, for one past what was
 * given (an overflowed error code), and for a `QuotaExceededError`. Anything else is thrown on.
 */
export function writeFully(device: Device, from: Uint8Array, at: number): void {
  let count: number
  try {
    count = device.write(from, at)
  } catch (error) {
    if (isQuotaError(error)) throw new DeviceFullError('The quota is exhausted', error)
    throw error
  }
  if (count !== from.length) throw new DeviceFullError(`Storage took ${count} of ${from.length} bytes`)
}

/**
 * Reads up to the end of the file. A count past what was asked for is an error, and so is one that stops
 * before the end: taken for the end of a WAL, it would lose what was committed.
 */
export function readUpTo(device: Device, into: Uint8Array, at: number): number {
  const count = device.read(into, at)
  const whole = count === into.length || (count >= 0 && count < into.length && at + count >= device.size())
  if (!whole) throw new Error(`Storage read ${count} of ${into.length} bytes`)
  return count
}

/** How Chromium names a full disk where IndexedDB meets it: as an `UnknownError`, whose message alone tells. */
const NO_SPACE = 'FILE_ERROR_NO_SPACE'

export function isQuotaError(error: unknown): boolean {
  if (!(error instanceof Object)) return false
  const { name, message } = error as { name?: unknown; message?: unknown }
  return name === 'QuotaExceededError' || (typeof message === 'string' && message.includes(NO_SPACE))
}
