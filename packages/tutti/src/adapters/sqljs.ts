export { type ImportedSnapshot, type ImportSnapshotOptions, importSnapshot } from './sqljs/import-snapshot.ts'
export { hasSnapshot, type SnapshotPlace } from './sqljs/snapshot-store.ts'
export {
  type BindParams,
  type QueryExecResult,
  type SqlJsReader,
  type SqlJsStatement,
  syncReader,
} from './sqljs/sync-reader.ts'
