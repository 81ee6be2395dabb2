/** How often something was asked to reach the disk, in all tabs and workers of this origin. */
export interface Flushes {
  /** `flush()` of files in OPFS. */
  readonly opfs: number
  /** Transactions of IndexedDB that write, and ask for `durability: 'strict'`. */
  readonly strict: number
  /** Those that do not: the browser answers when it has handed them to the system. */
  readonly relaxed: number
}

export type Flush = keyof Flushes

const CHANNEL = 'bench-flushes'

/**
 * The source of what tells of each flush in the page or worker that it runs in. Put in front of every script: it
 * does nothing the second time. It tells at once, for some workers never return to their event loop.
 */
export function flushTeller(): string {
  return `(${tellFlushes.toString()})(${JSON.stringify(CHANNEL)});`
}

function tellFlushes(name: string): void {
  const scope = globalThis as { benchFlushes?: BroadcastChannel; FileSystemSyncAccessHandle?: SyncAccess }
  if (scope.benchFlushes !== undefined) return
  const channel = new BroadcastChannel(name)
  scope.benchFlushes = channel

  interface SyncAccess {
    prototype: { flush(): void }
  }
  const access = scope.FileSystemSyncAccessHandle?.prototype
  if (access !== undefined) {
    const { flush } = access
    access.flush = function () {
      channel.postMessage('opfs')
      return flush.call(this)
    }
  }

  const { transaction } = IDBDatabase.prototype
  IDBDatabase.prototype.transaction = function (stores, mode, options) {
    if (mode === 'readwrite') channel.postMessage(options?.durability === 'strict' ? 'strict' : 'relaxed')
    return transaction.call(this, stores, mode, options)
  }
}

/** Counts what is told; in the page that asks, as from another one. */
export function countFlushes(): () => Flushes {
  const counts = { opfs: 0, strict: 0, relaxed: 0 }
  new BroadcastChannel(CHANNEL).onmessage = ({ data }: MessageEvent<Flush>) => {
    counts[data] += 1
  }
  return () => ({ ...counts })
}
