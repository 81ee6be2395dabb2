import type { SimulatedContext } from './context.ts'
import { DiskFaults } from './disk-faults.ts'
import { SimulatedFile } from './disk-file.ts'
import type { Simulation } from './simulation.ts'

/** An open file: what a synchronous access handle is, with the shape of a storage device. */
export interface SimulatedHandle {
  read(into: Uint8Array, at: number): number
  write(from: Uint8Array, at: number): number
  truncate(size: number): void
  size(): number
  flush(): void
  close(): void
  /** False once the file was removed from under the handle, which goes on "writing" all the same. */
  linked(): boolean
}

/** The origin's private files: one context at a time may have a file open. */
export class SimulatedDisk {
  readonly faults = new DiskFaults()
  /** Bytes that all files together may hold. */
  quota = Number.POSITIVE_INFINITY
  readonly #world: Simulation
  readonly #files = new Map<string, SimulatedFile>()
  readonly #holders = new Map<SimulatedFile, SimulatedContext>()

  constructor(world: Simulation) {
    this.#world = world
  }

  /** Paths of all files, sorted. */
  get paths(): readonly string[] {
    return [...this.#files.keys()].toSorted()
  }

  /** Paths of files that are open somewhere, sorted. */
  get openPaths(): readonly string[] {
    return this.paths.filter((path) => this.#holders.has(this.#files.get(path) as SimulatedFile))
  }

  /** Bytes of all files together. */
  get used(): number {
    let used = 0
    for (const file of this.#files.values()) used += file.size
    return used
  }

  exists(path: string): boolean {
    return this.#files.has(path)
  }

  /** A copy of a file's content, as if from outside the browser; `undefined` if there is none. */
  bytes(path: string): Uint8Array | undefined {
    return this.#files.get(path)?.bytes()
  }

  /** Makes an empty file where there is none. */
  create(path: string): void {
    if (!this.#files.has(path)) this.#files.set(path, new SimulatedFile())
  }

  /** Takes a file away, as clearing site data does: an open handle notices nothing. */
  remove(path: string): void {
    this.#files.delete(path)
  }

  /** Changes a byte of a closed file on the disk itself: damage that nobody is told of. */
  damage(path: string, at: number, mask = 0xff): void {
    this.#files.get(path)?.damage(at, mask)
  }

  move(from: string, to: string): void {
    const file = this.#files.get(from)
    if (file === undefined) throw new DOMException(`no file ${from}`, 'NotFoundError')
    this.#files.delete(from)
    this.#files.set(to, file)
  }

  /**
   * Opens `path` for `context` alone, creating it if need be.
   * @throws {DOMException} `NoModificationAllowedError` while another handle is open, also for some
   * time after its context died.
   */
  open(context: SimulatedContext, path: string): SimulatedHandle {
    if (!context.alive) throw new DOMException(`${context.name} is dead`, 'InvalidStateError')
    this.create(path)
    const file = this.#files.get(path) as SimulatedFile
    if (this.#holders.has(file)) {
      throw new DOMException(`${path} is open in another context`, 'NoModificationAllowedError')
    }
    this.#holders.set(file, context)
    this.#world.trace.add(this.#world.now, context.name, `open ${path}`)
    return this.#handle(context, path, file)
  }

  /** For the world, whose tabs are all dead: every file is free, and holds what the disk had. */
  powerCut(): void {
    this.#holders.clear()
    for (const file of this.#files.values()) file.powerCut(this.#world.prng)
  }

  #handle(context: SimulatedContext, path: string, file: SimulatedFile): SimulatedHandle {
    let open = true
    const close = () => {
      if (open && this.#holders.get(file) === context) this.#holders.delete(file)
      open = false
    }
    context.onDeath(() => {
      if (!open) return
      this.#world.schedule({
        due: this.#world.now + this.#world.prng.delay(this.#world.options.lateRelease),
        context: null,
        what: `handle of ${path} falls`,
        run: close,
      })
    })
    const usable = () => {
      if (!open || !context.alive)
        throw new DOMException(`the handle of ${path} is closed`, 'InvalidStateError')
    }
    return {
      read: (into, at) => {
        usable()
        const { bytes, count } = this.faults.pass('read', into.length)
        const got = file.read(into.subarray(0, bytes), at)
        return count > into.length ? count : got
      },
      write: (from, at) => {
        usable()
        const { bytes, count } = this.faults.pass('write', from.length)
        this.#makeRoom(file, at + from.length)
        if (bytes > 0) file.write(from.subarray(0, bytes), at)
        return count
      },
      truncate: (size) => {
        usable()
        this.faults.pass('truncate', 0)
        this.#makeRoom(file, size)
        file.truncate(size)
      },
      size: () => {
        usable()
        return file.size
      },
      flush: () => {
        usable()
        this.faults.pass('flush', 0)
        file.flush()
      },
      close,
      linked: () => this.#files.get(path) === file,
    }
  }

  #makeRoom(file: SimulatedFile, size: number): void {
    if (size <= file.size || this.quota === Number.POSITIVE_INFINITY) return
    if (this.used + size - file.size > this.quota) {
      throw new DOMException('the simulated quota is used up', 'QuotaExceededError')
    }
  }
}
