import type { Blobs } from '../blobs.ts'

/** Blobs for Node, which cannot read its own synchronously. It knows only those that it made. */
export function memoryBlobs(): Blobs {
  const content = new WeakMap<Blob, Uint8Array<ArrayBuffer>>()
  return {
    make(bytes) {
      const blob = new Blob([bytes])
      content.set(blob, bytes.slice())
      return blob
    },
    read(blob, from, to) {
      const bytes = content.get(blob)
      if (bytes === undefined) throw new Error('The file behind this blob is gone')
      return bytes.slice(from, to)
    },
  }
}
