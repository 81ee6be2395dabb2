import { SQLocal } from 'sqlocal'
import { COUNT, LIVE, type Opener, READ, READ_MANY, type Row, SCHEMA } from './peer.ts'

/** As its guide sets it up: its own worker, `reactive` for queries that follow changes of other tabs. */
export const openSqlocal: Opener = async ({ name, create }) => {
  const db = new SQLocal({ databasePath: `${name}.sqlite3`, reactive: true })
  if (create) {
    await db.transaction(async ({ sql }) => {
      for (const statement of SCHEMA.split(';').filter((text) => text.trim() !== '')) await sql(statement)
    })
  }
  return {
    write: ({ id, title, mode, abc }) =>
      db.sql`insert into tune (id, title, mode, abc) values (${id}, ${title}, ${mode}, ${abc})`,
    read: async (id) => (await db.sql<Row>(READ, id))[0],
    readMany: (after, count) => db.sql<Row>(READ_MANY, after, count),
    bulk: (tunes) =>
      db.batch((sql) =>
        tunes.map(
          ({ id, title, mode, abc }) =>
            sql`insert into tune (id, title, mode, abc) values (${id}, ${title}, ${mode}, ${abc})`,
        ),
      ),
    async live(title, onRows) {
      const found = db.reactiveQuery<Row>({ sql: LIVE, params: [title] })
      const { unsubscribe } = found.subscribe((rows) => onRows(rows))
      return unsubscribe
    },
    count: async () => Number((await db.sql<{ n: number }>(COUNT))[0]?.n),
    close: () => db.destroy(),
  }
}
