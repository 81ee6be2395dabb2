import { integer, sqliteTable, text, uniqueIndex } from 'drizzle-orm/sqlite-core'

export const playlist = sqliteTable(
  'playlist',
  {
    id: integer().primaryKey({ autoIncrement: true }),
    name: text().notNull(),
  },
  (table) => [uniqueIndex('playlist_name').on(table.name)],
)

export const tune = sqliteTable('tune', {
  id: integer().primaryKey(),
  title: text().notNull().default('Gan Ainm; or none'),
  playlistRef: integer('playlist_ref').references(() => playlist.id),
})
