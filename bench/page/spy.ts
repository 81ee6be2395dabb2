/** What all tabs and workers of this origin did. */
export interface Deeds {
  /** `flush()` of files in OPFS. */
  readonly opfs: number
  /** Transactions of IndexedDB that write, and ask for `durability: 'strict'`. */
  readonly strict: number
  /** Those that do not: the browser answers when it has handed them to the system. */
  readonly relaxed: number
  /** Messages to and from workers and tabs. */
  readonly messages: number
  /** About what was in them. Shared memory is not. */
  readonly bytes: number
}

type Deed = readonly ['opfs' | 'strict' | 'relaxed'] | readonly ['message', number]

const CHANNEL = 'bench-spy'

/**
 * The source of what tells of each flush and message in the page or worker that it runs in. Put in front of every
 * script: it does nothing the second time. It tells at once, for some workers never return to their event loop.
 */
export function spyTeller(): string {
  return `(${tellDeeds.toString()})(${JSON.stringify(CHANNEL)});`
}

function tellDeeds(name: string): void {
  interface Poster {
    postMessage(message: unknown, ...more: unknown[]): void
  }
  const scope = globalThis as unknown as Poster & {
    benchSpy?: BroadcastChannel
    document?: unknown
    FileSystemSyncAccessHandle?: { prototype: { flush(): void } }
  }
  if (scope.benchSpy !== undefined) return
  const channel = new BroadcastChannel(name)
  scope.benchSpy = channel
  const tell = channel.postMessage.bind(channel) as (deed: Deed) => void

  const access = scope.FileSystemSyncAccessHandle?.prototype
  if (access !== undefined) {
    const { flush } = access
    access.flush = function () {
      tell(['opfs'])
      return flush.call(this)
    }
  }

  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode === 'readwrite') tell([options?.durability === 'strict' ? 'strict' : 'relaxed'])
    return transaction.call(this, stores, mode, options)
  }

  function sizeOf(value: unknown): number {
    if (typeof value === 'string') return value.length
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return value.byteLength
    if (typeof value !== 'object' || value === null) return 8
    if (value instanceof Map || value instanceof Set) return sizeOf([...value])
    return Object.entries(value).reduce(
      (sum, [key, item]) => sum + sizeOf(item) + (Array.isArray(value) ? 0 : key.length),
      0,
    )
  }
  function spyOn(poster: Poster): void {
    const { postMessage } = poster
    poster.postMessage = function (this: Poster, message, ...more) {
      tell(['message', sizeOf(message)])
      return postMessage.call(this, message, ...more)
    }
  }
  spyOn(MessagePort.prototype)
  spyOn(BroadcastChannel.prototype)
  if (typeof Worker !== 'undefined') spyOn(Worker.prototype)
  // A dedicated worker's own; a page's is for windows.
  if (scope.document === undefined && typeof scope.postMessage === 'function') spyOn(scope)
}

/** Counts what is told, by the page that asks too. */
export function countDeeds(): () => Deeds {
  const counts = { opfs: 0, strict: 0, relaxed: 0, messages: 0, bytes: 0 }
  new BroadcastChannel(CHANNEL).onmessage = ({ data: [kind, bytes] }: MessageEvent<Deed>) => {
    if (kind === 'message') {
      counts.messages += 1
      counts.bytes += bytes
    } else {
      counts[kind] += 1
    }
  }
  return () => ({ ...counts })
}
