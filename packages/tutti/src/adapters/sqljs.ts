export { type ImportedSnapshot, type ImportSnapshotOptions, importSnapshot } from './sqljs/import-snapshot.ts'
export { hasSnapshot, type SnapshotPlace } from './sqljs/snapshot-store.ts'
