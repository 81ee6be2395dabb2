import type { Device } from '../device.ts'

/** What happens at the chosen operation. */
export type FaultKind = 'throw' | 'quota' | 'short' | 'absurd' | 'crash'

export interface FaultPlan {
  /** Which operation fails, counted over all devices of the disk, from 1. */
  readonly at: number
  readonly kind: FaultKind
  /** Fails all that follow, too. */
  readonly andThenOn: boolean
}

/** What a crash leaves of what was written but not flushed. */
export type CrashLoss = 'all' | 'none' | 'some'

/** The process is gone: whatever it does after this reaches no disk. */
export class Crash extends Error {}

/** What Chromium returned from a write on a full quota: -8 read as unsigned. */
const ABSURD_COUNT = 4_294_967_288

/**
 * Files that survive a reopening, and fail as told. A crash ends the process's operations and takes back
 * what was not flushed: all of it, none, or an arbitrary part, write by write, as a power cut does.
 */
export class FaultyDisk {
  readonly #files = new Map<string, DiskFile>()
  readonly #random: () => number
  #plan: FaultPlan | undefined
  #count = 0
  #hit = false
  #crashed = false

  constructor(random: () => number = () => 0.5) {
    this.#random = random
  }

  /** Operations counted since the plan was set. */
  get operations(): number {
    return this.#count
  }

  /** Whether the planned operation was reached. */
  get hit(): boolean {
    return this.#hit
  }

  plan(plan: FaultPlan | undefined): void {
    this.#plan = plan
    this.#count = 0
    this.#hit = false
  }

  open(name: string): Device {
    let file = this.#files.get(name)
    if (file === undefined) this.#files.set(name, (file = new DiskFile()))
    return new FaultyDevice(file, (mutates) => this.#next(mutates))
  }

  /** The process ended, by crash or otherwise; a new one may open the files. */
  restart(loss: CrashLoss): void {
    this.plan(undefined)
    this.#crashed = false
    for (const file of this.#files.values()) file.lose(loss, this.#random)
  }

  #next(operation: string): FaultKind | undefined {
    if (this.#crashed) throw new Crash('The process is gone')
    const plan = this.#plan
    this.#count++
    if (plan === undefined || this.#count < plan.at || (this.#count > plan.at && !plan.andThenOn))
      return undefined
    this.#hit = true
    if (plan.kind === 'crash') {
      this.#crashed = true
      throw new Crash(`Crashed at ${operation}`)
    }
    if (plan.kind === 'throw') throw new Error(`Planned failure of ${operation}`)
    if (plan.kind === 'quota') throw Object.assign(new Error('Planned'), { name: 'QuotaExceededError' })
    return plan.kind
  }
}

class FaultyDevice implements Device {
  readonly #file: DiskFile
  readonly #next: (operation: string) => FaultKind | undefined

  constructor(file: DiskFile, next: (operation: string) => FaultKind | undefined) {
    this.#file = file
    this.#next = next
  }

  read(into: Uint8Array, at: number): number {
    const fault = this.#next('read')
    const count = this.#file.read(into, at)
    if (fault === 'absurd') return ABSURD_COUNT
    if (fault !== 'short') return count
    into.fill(0, Math.floor(count / 2))
    return Math.floor(count / 2)
  }

  write(from: Uint8Array, at: number): number {
    const fault = this.#next('write')
    if (fault === 'absurd') return ABSURD_COUNT
    const taken = fault === 'short' ? Math.floor(from.length / 2) : from.length
    this.#file.write(from.slice(0, taken), at)
    return taken
  }

  truncate(size: number): void {
    this.#next('truncate')
    this.#file.truncate(size)
  }

  size(): number {
    return this.#file.now.length
  }

  flush(): void {
    this.#next('flush')
    this.#file.flush()
  }

  close(): void {}
}

/** A file's content now, as it is safe on the disk, and the changes in between. */
class DiskFile {
  now: Uint8Array = new Uint8Array()
  #safe: Uint8Array = new Uint8Array()
  #changes: ((content: Uint8Array) => Uint8Array)[] = []

  read(into: Uint8Array, at: number): number {
    const part = this.now.subarray(at, at + into.length)
    into.set(part)
    return part.length
  }

  write(bytes: Uint8Array, at: number): void {
    this.#change((content) => {
      const changed = content.length >= at + bytes.length ? content : resized(content, at + bytes.length)
      changed.set(bytes, at)
      return changed
    })
  }

  truncate(size: number): void {
    this.#change((content) => resized(content, size))
  }

  flush(): void {
    this.#safe = this.now.slice()
    this.#changes = []
  }

  lose(loss: CrashLoss, random: () => number): void {
    // A process that died loses nothing; but what it did not flush is not safe by that.
    if (loss === 'none') return
    this.now = this.#safe.slice()
    if (loss === 'some') for (const change of this.#changes) if (random() < 0.5) this.now = change(this.now)
    this.flush()
  }

  #change(change: (content: Uint8Array) => Uint8Array): void {
    this.now = change(this.now)
    this.#changes.push(change)
  }
}

function resized(content: Uint8Array, size: number): Uint8Array {
  const result = new Uint8Array(size)
  result.set(content.subarray(0, size))
  return result
}
