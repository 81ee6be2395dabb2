import type { Device } from './device.ts'

/** A file in the origin private file system, by the exclusive handle that only workers get. */
export class OpfsDevice implements Device {
  readonly #handle: FileSystemSyncAccessHandle

  constructor(handle: FileSystemSyncAccessHandle) {
    this.#handle = handle
  }

  read(into: Uint8Array, at: number): number {
    return this.#handle.read(into, { at })
  }

  write(from: Uint8Array, at: number): number {
    return this.#handle.write(from, { at })
  }

  truncate(size: number): void {
    this.#handle.truncate(size)
  }

  size(): number {
    return this.#handle.getSize()
  }

  flush(): void {
    this.#handle.flush()
  }

  close(): void {
    this.#handle.close()
  }
}
