import type { Clock } from '../platform/platform.ts'
import type { FromMemberPost, Lifecycle, PrimarySetup, ToMemberWorker } from '../protocol/page-messages.ts'
import type { RecoveryAnswer, RecoveryRequest } from '../protocol/recovery-messages.ts'
import type { SyncReader } from '../protocol/sync-reads.ts'
import type { Build } from '../protocol/version.ts'
import type { ExclusiveEnvironment } from './exclusive-call.ts'
import type { ExclusiveTurns } from './exclusive-turns.ts'
import type * as importBytes from './import-bytes.ts'
import type * as recovery from './recovery.ts'
import type * as syncCopy from './sync/sync-copy.ts'

/**
 * Everything that the page's side needs of a browser. `environment.ts` is the real one; tests give a
 * scripted one, so that the handle, its calls and its workers' lives run in Node.
 */
export interface PageEnvironment {
  readonly build: Build
  readonly clock: PageClock
  readonly life: PageLife
  /** The page's storage manager, where it has one. */
  readonly storage: Partial<Pick<StorageManager, 'persist' | 'persisted' | 'estimate'>> | undefined
  startMember(): PageWorker<ToMemberWorker, FromMemberPost>
  startPrimary(): PageWorker<PrimarySetup, never>
  /** A worker that does one thing about a damaged database. */
  startRecovery(): PageWorker<RecoveryRequest, RecoveryAnswer>
  /** The way between a member and the primary worker of the same tab. */
  createChannel(): Pick<MessageChannel, 'port1' | 'port2'>
  readonly code: CodeOnDemand
  /** SQLite, compiled once for all databases of this page. */
  compileWasm(): Promise<WebAssembly.Module>
  /**
   * SQLite on this thread. Rejects where its file cannot be loaded.
   * @param functions where the app's own are, if it has any
   */
  loadSyncReader(functions: string | null): Promise<SyncReader>
  createCancelToken(): CancelToken
  randomId(): string
  /** Tells of an error that no promise carries: a listener's own. */
  reportError(error: unknown): void
}

/** Code that only pages load that call what needs it. Rejects where its file cannot be loaded. */
export interface CodeOnDemand {
  readonly exclusive: () => Promise<ExclusiveCode>
  readonly import: () => Promise<Pick<typeof importBytes, 'readImport'>>
  /** Beside {@link PageEnvironment.loadSyncReader}. */
  readonly syncReads: () => Promise<Pick<typeof syncCopy, 'SyncCopy'>>
  readonly recovery: () => Promise<Pick<typeof recovery, 'recoverWith'>>
}

export interface ExclusiveCode extends Pick<ExclusiveEnvironment, 'locks'> {
  readonly ExclusiveTurns: typeof ExclusiveTurns
}

export type PageClock = Pick<Clock, 'mono' | 'after'>

/** A dedicated worker that this page started and may terminate. */
export interface PageWorker<Out, In> {
  post(message: Out, transfer?: readonly Transferable[]): void
  onMessage(listener: (message: In) => void): void
  /** The worker could not start, or an exception in it was not caught. */
  onFailure(listener: (reason: Error) => void): void
  terminate(): void
}

/** A blob URL that can be loaded until `revoke`: the one signal that reaches a worker in a busy loop. */
export interface CancelToken {
  readonly url: string
  revoke(): void
}

/** What the page shows of itself, and what becomes of it. */
export interface PageLife {
  readonly visible: boolean
  readonly url: string
  readonly title: string
  /** Whether this is a phone or a tablet, as far as it says so. */
  readonly mobile: boolean
  /** Returns a function that stops listening. */
  listen(listener: (state: Lifecycle) => void): () => void
}
