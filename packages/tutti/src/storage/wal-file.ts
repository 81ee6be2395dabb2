import { mark } from '../platform/marks.ts'
import { FULL, IOERR, IOERR_FSYNC, IOERR_TRUNCATE, IOERR_WRITE, OK } from '../sqlite/result-codes.ts'
import type { VfsFile } from '../sqlite/vfs-bridge.ts'
import { DeviceFullError } from './checked-io.ts'
import type { Health } from './health.ts'
import type { WalBuffer } from './wal-buffer.ts'
import { classifyWrite, type FrameHeader, frameOffset } from './wal-format.ts'
import type { WalTap } from './wal-tap.ts'

export interface WalFileParts {
  readonly buffer: WalBuffer
  readonly tap: WalTap
  readonly health: Health
  /** Bytes that the log keeps even when it is emptied (R25). */
  readonly reserve: number
  /** Makes room in the main file for what the commit mark promises; throws where there is none. */
  readonly reserveMain: (pages: number) => void
}

/** The WAL as SQLite sees it: writes are told to the tap and kept in the buffer until the commit is complete. */
export class WalFile implements VfsFile {
  readonly #parts: WalFileParts

  constructor(parts: WalFileParts) {
    this.#parts = parts
  }

  read(into: Uint8Array, at: number): number {
    this.#check()
    return this.#parts.buffer.read(into, at)
  }

  write(from: Uint8Array, at: number): number {
    const { buffer, tap } = this.#parts
    return this.#attempt(IOERR_WRITE, () => {
      const write = classifyWrite(at, from.length)
      if (write.part === 'header') {
        tap.restart()
        buffer.discardFrom(0)
      } else if (write.part === 'frame-header') {
        if (tap.header(write.frame, from)) buffer.discardFrom(at)
      } else {
        const commit = tap.page(write.frame)
        if (commit !== undefined) this.#makeRoom(write.frame, commit)
      }
      buffer.write(from, at)
    })
  }

  truncate(size: number): number {
    const { buffer, tap, reserve } = this.#parts
    if (size !== 0) return IOERR_TRUNCATE
    return this.#attempt(IOERR_TRUNCATE, () => {
      tap.restart()
      buffer.clear(reserve)
    })
  }

  sync(): number {
    return this.#attempt(IOERR_FSYNC, () => {
      // Between transactions: frames still pending were rolled back, and need no room.
      if (!this.#parts.tap.marked) this.#abandon()
      try {
        this.#parts.buffer.flush()
      } catch (error) {
        // What a failed flush left on the disk cannot be known by trying again.
        this.#parts.health.poison(error)
        throw error
      }
    })
  }

  size(): number {
    this.#check()
    return this.#parts.buffer.allocated
  }

  close(): void {}

  /** Before the commit mark can reach the device: afterwards a full disk would be a doubt, not a failure. */
  #makeRoom(frame: number, commit: FrameHeader): void {
    const { buffer, reserveMain } = this.#parts
    try {
      reserveMain(commit.databaseSize)
      buffer.reserve(frameOffset(frame + 1))
    } catch (error) {
      mark('the log has no room for a commit')
      this.#abandon()
      throw error
    }
  }

  /** What a transaction that SQLite rolled back left in the buffer must not fail a later write. */
  #abandon(): void {
    this.#parts.buffer.discardFrom(frameOffset(this.#parts.tap.abandon()))
  }

  #check(): void {
    if (this.#parts.health.poisoned) throw new Error('The storage failed; the database must be reopened')
  }

  #attempt(failure: number, action: () => void): number {
    const { health, tap } = this.#parts
    if (health.poisoned) return IOERR
    try {
      action()
      return OK
    } catch (error) {
      if (tap.marked) health.poison(error)
      return error instanceof DeviceFullError ? FULL : failure
    }
  }
}
