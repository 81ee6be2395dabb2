import { column, PowerSyncDatabase, Schema, Table, WASQLiteVFS } from '@powersync/web'
import { COUNT, LIVE, type Opener, READ, READ_MANY, type Row, type Tune } from './peer.ts'

const INSERT = 'insert into tune (id, title, mode, abc) values (?, ?, ?, ?)'

/** Its ids are text: padded, they sort as numbers do. */
const idOf = (id: number) => String(id).padStart(12, '0')
const valuesOf = ({ id, title, mode, abc }: Tune) => [idOf(id), title, mode, abc]

/** A table of this device alone: without it each write would also be queued for a server that is not there. */
const schema = new Schema({
  tune: new Table(
    { title: column.text, mode: column.text, abc: column.text },
    { localOnly: true, indexes: { title: ['title'] } },
  ),
})

/** @param vfs where it keeps its data; everything else is its default */
export function openPowerSync(vfs: `${WASQLiteVFS}`): Opener {
  return async ({ name }) => {
    const db = new PowerSyncDatabase({
      schema,
      database: { dbFilename: `${name}.db`, vfs: WASQLiteVFS[vfs as keyof typeof WASQLiteVFS] },
    })
    await db.init()
    return {
      write: (tune) => db.execute(INSERT, valuesOf(tune)),
      read: async (id) => (await db.getOptional<Row>(READ, [idOf(id)])) ?? undefined,
      readMany: (after, count) => db.getAll<Row>(READ_MANY, [idOf(after), count]),
      bulk: (tunes) => db.executeBatch(INSERT, tunes.map(valuesOf)),
      async live(title, onRows) {
        const ended = new AbortController()
        db.watch(
          LIVE,
          [title],
          { onResult: (result) => onRows(result.rows?._array ?? []) },
          { signal: ended.signal },
        )
        return () => ended.abort()
      },
      count: async () => (await db.get<{ n: number }>(COUNT)).n,
      close: () => db.close(),
    }
  }
}
