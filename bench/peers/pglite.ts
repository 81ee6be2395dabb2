import { live } from '@electric-sql/pglite/live'
import { PGliteWorker } from '@electric-sql/pglite/worker'
import { COUNT, type Opener, type Row, SCHEMA, type Tune } from './peer.ts'

/** PGlite's multi-tab worker. @param storage its documents advise `idb` in the browser; `opfs-ahp` is for workers */
export function openPglite(storage: 'idb' | 'opfs-ahp'): Opener {
  return async ({ name, create }) => {
    const worker = new Worker(new URL('./workers/pglite.ts', import.meta.url), { type: 'module' })
    const db = await PGliteWorker.create(worker, {
      dataDir: `${storage}://${name}`,
      extensions: { live },
    })
    if (create) await db.exec(SCHEMA)
    return {
      write: ({ id, title, mode, abc }) =>
        db.query('insert into tune (id, title, mode, abc) values ($1, $2, $3, $4)', [id, title, mode, abc]),
      read: async (id) => (await db.query<Row>('select * from tune where id = $1', [id])).rows[0],
      readMany: async (after, count) =>
        (await db.query<Row>('select * from tune where id > $1 order by id limit $2', [after, count])).rows,
      // Its documents' way for many rows.
      bulk: (tunes) =>
        db.query("copy tune from '/dev/blob' with (format csv)", [], { blob: new Blob([csvOf(tunes)]) }),
      async live(title, onRows) {
        const found = await db.live.query<Row>('select * from tune where title = $1', [title], ({ rows }) =>
          onRows(rows),
        )
        return () => void found.unsubscribe()
      },
      count: async () => Number((await db.query<{ n: number }>(COUNT)).rows[0]?.n),
      close: () => db.close(),
    }
  }
}

function csvOf(tunes: readonly Tune[]): string {
  return tunes.map(({ id, title, mode, abc }) => `${id},"${title}","${mode}","${abc}"`).join('\n')
}
