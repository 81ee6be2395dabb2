import type { WireError } from '../errors/wire.ts'
import type { StorageKind } from './values.ts'

/** What a page asks of the worker that recovers: one thing, and the worker ends. */
export interface RecoveryRequest {
  readonly type: 'recover'
  readonly user: string
  readonly name: string
  readonly storage: readonly StorageKind[]
  readonly ask: RecoveryAsk
  readonly wasm: WebAssembly.Module
}

export type RecoveryAsk =
  | { readonly op: 'list' }
  /** The bytes of something set aside, database and log, or of a backup. */
  | { readonly op: 'read'; readonly name: string }
  /** Without a name: the newest backup that is sound. */
  | { readonly op: 'restore'; readonly name: string | undefined }
  | { readonly op: 'start-empty' }
  | { readonly op: 'destroy' }

export interface RecoveryAnswer {
  readonly type: 'recovered'
  readonly result?: RecoveryResult
  readonly error?: WireError
}

export interface RecoveryResult {
  readonly list?: RecoveryList
  readonly files?: readonly Blob[]
}

export interface RecoveryList {
  readonly damaged: readonly DamagedFiles[]
  readonly backups: readonly BackupFile[]
}

/** A database that was set aside as damaged. */
export interface DamagedFiles {
  readonly name: string
  /** When, ms since 1970. */
  readonly at: number
  /** Bytes of the database and its log. */
  readonly size: number
}

/** A backup of a database. */
export interface BackupFile {
  readonly name: string
  /** The database's version when it was made. */
  readonly version: number
  /** When, ms since 1970. */
  readonly at: number
  /** Bytes. */
  readonly size: number
}
