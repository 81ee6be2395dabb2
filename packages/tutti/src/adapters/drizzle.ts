export type { DrizzleRunResult } from './drizzle/client.ts'
export {
  type DrizzleConfig,
  drizzle,
  type LiveableQuery,
  type RowOf,
  type TuttiDatabase,
} from './drizzle/database.ts'
export type { DrizzleLiveQuery } from './drizzle/live-query.ts'
export { type MigrationFiles, migrationsFrom } from './drizzle/migrations.ts'
export type { TransactionConfig, TuttiTransaction } from './drizzle/session.ts'
export { drizzleSync, type TuttiSyncDatabase } from './drizzle/sync-database.ts'
