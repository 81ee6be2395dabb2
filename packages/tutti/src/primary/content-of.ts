import { InvalidImportError } from '../errors/errors.ts'
import type { Blobs } from '../platform/blobs.ts'
import { MemoryDevice } from '../storage/memory-device.ts'

/**
 * A file to import, in memory once.
 * @throws InvalidImportError where it cannot be read any more
 */
export function contentOf(
  file: Uint8Array<ArrayBuffer> | Blob,
  blobs: Blobs,
  onProgress: () => void,
): MemoryDevice {
  if (file instanceof Uint8Array) return MemoryDevice.from(file.length, (from, to) => file.slice(from, to))
  try {
    return MemoryDevice.from(file.size, (from, to) => {
      onProgress()
      return blobs.read(file, from, to)
    })
  } catch (cause) {
    throw new InvalidImportError(`The file could not be read: ${String(cause)}`, {
      outcome: 'not-applied',
      cause,
    })
  }
}
