/**
 * Bytes that the browser keeps outside of this process, on disk where they are many; they can be read
 * synchronously, in a dedicated worker alone.
 */
export interface Blobs {
  /** `bytes` are copied. */
  make(bytes: Uint8Array<ArrayBuffer>): Blob
  /** @throws where the file behind it has changed or gone */
  read(blob: Blob, from: number, to: number): Uint8Array<ArrayBuffer>
}

/** Part of every dedicated worker; TypeScript knows it only where there is no page. */
interface Reader {
  readAsArrayBuffer(blob: Blob): ArrayBuffer
}

export const browserBlobs: Blobs = {
  make: (bytes) => new Blob([bytes]),
  read(blob, from, to) {
    const { FileReaderSync } = globalThis as unknown as { readonly FileReaderSync: new () => Reader }
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(from, to)))
  },
}
