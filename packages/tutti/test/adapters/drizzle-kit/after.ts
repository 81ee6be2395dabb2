import { sql } from 'drizzle-orm'
import { check, integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const playlist = sqliteTable(
  'playlist',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text(),
  },
  (table) => [uniqueIndex('playlist_name').on(table.name), check('named', sql`${table.name} <> ''`)],
)

export const tune = sqliteTable('tune', {
  id: integer().primaryKey(),
  title: text().notNull().default('Gan Ainm; or none'),
  mode: text().notNull().default('Major'),
  playlistRef: integer('playlist_ref').references(() => playlist.id),
})
