import { writeFully } from './checked-io.ts'
import type { Device } from './device.ts'

const LONGEST = 1024 * 1024

/** Joins writes that follow one another into one call to the device. */
export class WriteRun {
  readonly #device: Device
  #bytes: Uint8Array | undefined
  #start = 0
  #length = 0

  constructor(device: Device) {
    this.#device = device
  }

  write(from: Uint8Array, at: number): void {
    if (this.#length > 0 && (at !== this.#start + this.#length || this.#length + from.length > LONGEST))
      this.drain()
    this.#bytes ??= new Uint8Array(LONGEST)
    if (this.#length === 0) this.#start = at
    this.#bytes.set(from, this.#length)
    this.#length += from.length
  }

  /** Gives the device what was joined so far; a failure drops it, for the caller's operation has failed. */
  drain(): void {
    if (this.#bytes === undefined || this.#length === 0) return
    const length = this.#length
    this.#length = 0
    writeFully(this.#device, this.#bytes.subarray(0, length), this.#start)
  }
}
