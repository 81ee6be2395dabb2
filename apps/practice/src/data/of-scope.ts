import { and, type Column, eq, type SQL } from 'drizzle-orm'
import type { Scope } from './db.ts'

/** The rows of a table or view that are about this playlist of this user. */
export function ofScope(
  table: { readonly userRef: Column; readonly playlistRef: Column },
  { userRef, playlistRef }: Scope,
): SQL | undefined {
  return and(eq(table.userRef, userRef), eq(table.playlistRef, playlistRef))
}
