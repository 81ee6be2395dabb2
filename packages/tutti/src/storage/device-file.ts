import { FULL, IOERR_TRUNCATE, IOERR_WRITE, OK } from '../sqlite/result-codes.ts'
import type { VfsFile } from '../sqlite/vfs-bridge.ts'
import { DeviceFullError, readUpTo, writeFully } from './checked-io.ts'
import type { Device } from './device.ts'

/** A device as a file of SQLite, nothing in between: for replicas, exports, imports and scratch files. */
export class DeviceFile implements VfsFile {
  readonly #device: Device

  constructor(device: Device) {
    this.#device = device
  }

  read(into: Uint8Array, at: number): number {
    return readUpTo(this.#device, into, at)
  }

  write(from: Uint8Array, at: number): number {
    return resultOf(IOERR_WRITE, () => writeFully(this.#device, from, at))
  }

  truncate(size: number): number {
    return resultOf(IOERR_TRUNCATE, () => this.#device.truncate(size))
  }

  sync(): number {
    return OK
  }

  size(): number {
    return this.#device.size()
  }

  close(): void {}
}

/** Runs `action`; its failure as a result code. */
export function resultOf(failure: number, action: () => void): number {
  try {
    action()
    return OK
  } catch (error) {
    return error instanceof DeviceFullError ? FULL : failure
  }
}
