import { Dexie, type EntityTable, liveQuery } from 'dexie'
import type { Opener, Tune } from './peer.ts'

/** As its documents begin: default options, so the browser's default durability for IndexedDB. */
export const openDexie: Opener = async ({ name }) => {
  const db = new Dexie(name) as Dexie & { tune: EntityTable<Tune & { id: number }, 'id'> }
  db.version(1).stores({ tune: 'id, title' })
  await db.open()
  return {
    write: (tune) => db.tune.add(tune),
    read: (id) => db.tune.get(id).then((tune) => tune && { ...tune }),
    readMany: (after, count) => db.tune.where('id').above(after).limit(count).toArray() as never,
    bulk: (tunes) => db.tune.bulkAdd(tunes),
    async live(title, onRows) {
      const found = liveQuery(() => db.tune.where('title').equals(title).toArray())
      const subscription = found.subscribe((rows) => onRows(rows as never))
      return () => subscription.unsubscribe()
    },
    count: () => db.tune.count(),
    close: async () => db.close(),
  }
}
