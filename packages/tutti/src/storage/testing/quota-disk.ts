import type { Device } from '../device.ts'
import { MemoryDevice } from '../memory-device.ts'

/** Files with a common bound on their sizes: past it a write is cut short, as OPFS does, without an error. */
export class QuotaDisk {
  limit = Number.POSITIVE_INFINITY
  readonly #files = new Map<string, MemoryDevice>()

  get used(): number {
    return [...this.#files.values()].reduce((sum, file) => sum + file.size(), 0)
  }

  open(name: string): Device {
    const file = this.#files.get(name) ?? new MemoryDevice()
    this.#files.set(name, file)
    return {
      read: (into, at) => file.read(into, at),
      write: (from, at) => {
        const growth = Math.max(0, at + from.length - file.size())
        const room = Math.max(0, this.limit - this.used)
        return file.write(from.subarray(0, from.length - Math.max(0, growth - room)), at)
      },
      truncate: (size) => file.truncate(size),
      size: () => file.size(),
      flush: () => undefined,
      close: () => undefined,
    }
  }
}
