import type { Platform } from '../platform/platform.ts'
import type { Store } from './store.ts'

/** What the browser offers, passed in: this folder touches no globals. */
export interface StorageEnvironment {
  /** `navigator.storage` */
  readonly storage?:
    | { getDirectory?(): Promise<FileSystemDirectoryHandle>; estimate?(): Promise<StorageEstimate> }
    | undefined
  /** The global class: without sync access handles OPFS is of no use. */
  readonly FileSystemFileHandle?: { readonly prototype: object } | undefined
  readonly indexedDB?: IDBFactory | undefined
  /** Makes the store of the `memory` rung; by default an empty one. */
  readonly memory?: (() => Store) | undefined
  sleep(ms: number): Promise<void>
  /** A name that nobody has had. */
  randomId(): string
}

/** The part of a worker's globals that the storage needs. */
export interface StorageScope {
  readonly navigator: { readonly storage?: StorageEnvironment['storage'] }
  readonly FileSystemFileHandle?: StorageEnvironment['FileSystemFileHandle']
  readonly indexedDB?: IDBFactory
}

export function storageEnvironmentOf(
  scope: StorageScope,
  { clock, random }: Pick<Platform, 'clock' | 'random'>,
): StorageEnvironment {
  return {
    storage: scope.navigator.storage,
    FileSystemFileHandle: scope.FileSystemFileHandle,
    indexedDB: scope.indexedDB,
    sleep: (ms) => new Promise((resolve) => clock.after(ms, resolve)),
    randomId: () => random.id(),
  }
}

/** Bytes that this origin may still take, as the browser estimates it; `undefined` where it does not say. */
export async function roomIn({ storage }: StorageEnvironment): Promise<number | undefined> {
  try {
    const { quota, usage } = (await storage?.estimate?.()) ?? {}
    return quota === undefined || usage === undefined ? undefined : quota - usage
  } catch {
    return undefined
  }
}
