import { FULL, IOERR, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_WRITE, OK } from '../sqlite/result-codes.ts'
import type { VfsFile } from '../sqlite/vfs-bridge.ts'
import { DeviceFullError, readUpTo, writeFully } from './checked-io.ts'
import type { Device } from './device.ts'
import type { Health } from './health.ts'
import { PAGE_SIZE } from './page-size.ts'
import { WriteRun } from './write-run.ts'

const FCNTL_COMMIT_PHASETWO = 22
/** How far ahead the file is extended at once, so that not every new page costs a call. */
const RESERVE_STEP = 64 * PAGE_SIZE

/** The database file as SQLite sees it: only checkpoints write it, in rising order, so their pages are joined. */
export class MainFile implements VfsFile {
  readonly #device: Device
  readonly #health: Health
  readonly #onCommit: () => void
  readonly #run: WriteRun
  /** What SQLite believes: without the zeros written ahead. */
  #size: number
  #allocated: number

  /** `onCommit` is called when SQLite has written all of a transaction and is about to call it committed. */
  constructor(device: Device, health: Health, onCommit: () => void) {
    this.#device = device
    this.#health = health
    this.#onCommit = onCommit
    this.#run = new WriteRun(device)
    this.#size = this.#allocated = device.size()
  }

  read(into: Uint8Array, at: number): number {
    if (this.#health.poisoned) throw new Error('The storage failed; the database must be reopened')
    this.#run.drain()
    return readUpTo(this.#device, into.subarray(0, Math.max(0, Math.min(into.length, this.#size - at))), at)
  }

  write(from: Uint8Array, at: number): number {
    return this.#attempt(IOERR_WRITE, () => {
      this.#run.write(from, at)
      this.#size = Math.max(this.#size, at + from.length)
      this.#allocated = Math.max(this.#allocated, this.#size)
    })
  }

  truncate(size: number): number {
    return this.#attempt(IOERR_TRUNCATE, () => {
      this.#run.drain()
      if (size !== this.#allocated) this.#device.truncate(size)
      this.#size = this.#allocated = size
    })
  }

  sync(): number {
    return this.#attempt(IOERR_FSYNC, () => {
      this.#run.drain()
      try {
        this.#device.flush()
      } catch (error) {
        this.#health.poison(error)
        throw error
      }
    })
  }

  size(): number {
    return this.#size
  }

  close(): void {}

  control(operation: number): number | undefined {
    return operation === FCNTL_COMMIT_PHASETWO ? this.#attempt(IOERR_WRITE, this.#onCommit) : undefined
  }

  /** Extends the file with zeros to `pages` pages, so that a checkpoint never has to grow it (R25). */
  reserve(pages: number): void {
    const wanted = pages * PAGE_SIZE
    if (wanted <= this.#allocated) return
    const end = Math.ceil(wanted / RESERVE_STEP) * RESERVE_STEP
    for (let at = this.#allocated; at < end; at = this.#allocated) {
      const part = Math.min(end - at, RESERVE_STEP)
      writeFully(this.#device, ZEROS.subarray(0, part), at)
      this.#allocated = at + part
    }
  }

  #attempt(failure: number, action: () => void): number {
    if (this.#health.poisoned) return IOERR
    try {
      action()
      return OK
    } catch (error) {
      return error instanceof DeviceFullError ? FULL : failure
    }
  }
}

const ZEROS = new Uint8Array(RESERVE_STEP)
