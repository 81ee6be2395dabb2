import type { Sqlite3Static } from '@sqlite.org/sqlite-wasm'

/** The official build as it loads. */
export type Library = Sqlite3Static
