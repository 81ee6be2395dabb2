import { type OpenOptions, open } from 'tutti'
import { COUNT, INSERT, LIVE, type Opener, READ, READ_MANY, type Row, SCHEMA, valuesOf } from './peer.ts'

const migrations = [{ name: 'tunes', sql: SCHEMA }]

/** @param options what differs from the defaults */
export function openTutti(options: Partial<OpenOptions> = {}): Opener {
  return async ({ name }) => {
    const db = await open({ user: name, migrations, storage: ['opfs'], persist: false, ...options })
    return {
      write: (tune) => db.run(INSERT, valuesOf(tune)),
      read: (id) => db.get<Row>(READ, [id]),
      ...(options.syncReads === true && { readNow: (id: number) => db.sync.get<Row>(READ, [id]) }),
      readMany: (after, count) => db.all<Row>(READ_MANY, [after, count]),
      bulk: (tunes) => db.batch(tunes.map((tune) => ({ sql: INSERT, params: valuesOf(tune) }))),
      live: async (title, onRows) => db.live<Row>(LIVE, [title]).subscribe((rows) => onRows(rows)),
      count: async () => (await db.get<{ n: number }>(COUNT))?.n ?? Number.NaN,
      async settled() {
        // Past its budget there is none, and reads go to the primary.
        while ((await db.status()).replica === 'building');
      },
      close: () => db.close(),
    }
  }
}
