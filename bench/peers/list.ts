import type { Opener } from './peer.ts'

/** What is known of a peer without loading it. */
export interface Peer {
  /** As in `--peers`. */
  readonly name: string
  /** The package whose version the results name; none for a floor. */
  readonly package?: string
  /** `many`: one database in all of them. `apart`: each has a copy of its own. `one`: a second one cannot open it. */
  readonly tabs: 'many' | 'apart' | 'one'
  /** Its documents ask for cross-origin isolation: COOP and COEP are served with every file, to it alone. */
  readonly isolated?: true
  /** How it is set up, and on whose word. */
  readonly setup: string
  load(): Promise<Opener>
}

const tutti = async () => (await import('./tutti.ts')).openTutti
const powersync = async () => (await import('./powersync.ts')).openPowerSync
const pglite = async () => (await import('./pglite.ts')).openPglite
const waSqlite = async () => (await import('./wa-sqlite.ts')).openWaSqlite

/** In the order of the tables. */
export const peers: readonly Peer[] = [
  {
    name: 'tutti',
    package: 'tutti',
    tabs: 'many',
    setup: 'defaults, OPFS',
    load: async () => (await tutti())(),
  },
  {
    name: 'tutti-sync',
    package: 'tutti',
    tabs: 'many',
    setup: '`syncReads`: `db.sync` on the page',
    load: async () => (await tutti())({ syncReads: true }),
  },
  {
    name: 'tutti-relaxed',
    package: 'tutti',
    tabs: 'many',
    setup: "`durability: 'relaxed'`",
    load: async () => (await tutti())({ durability: 'relaxed' }),
  },
  {
    name: 'tutti-indexeddb',
    package: 'tutti',
    tabs: 'many',
    setup: 'IndexedDB',
    load: async () => (await tutti())({ storage: ['indexeddb'] }),
  },
  {
    name: 'sqlocal',
    package: 'sqlocal',
    tabs: 'many',
    isolated: true,
    setup: 'its guide: own worker, `opfs` VFS (COOP and COEP), `reactive`',
    load: async () => (await import('./sqlocal.ts')).openSqlocal,
  },
  {
    name: 'powersync-opfs',
    package: '@powersync/web',
    tabs: 'many',
    setup: '`OPFSWriteAheadVFS`, a local-only table, all else its default',
    load: async () => (await powersync())('OPFSWriteAheadVFS'),
  },
  {
    name: 'powersync-idb',
    package: '@powersync/web',
    tabs: 'many',
    setup: '`IDBBatchAtomicVFS` in a shared worker (its default), a local-only table',
    load: async () => (await powersync())('IDBBatchAtomicVFS'),
  },
  {
    name: 'pglite-idb',
    package: '@electric-sql/pglite',
    tabs: 'many',
    setup: 'multi-tab worker on `idb://`, which its documents advise in browsers, `relaxedDurability: false`',
    load: async () => (await pglite())('idb'),
  },
  {
    name: 'pglite-opfs',
    package: '@electric-sql/pglite',
    tabs: 'many',
    setup: 'multi-tab worker on `opfs-ahp://`, `relaxedDurability: false`',
    load: async () => (await pglite())('opfs-ahp'),
  },
  {
    name: 'wa-sqlite-coop',
    package: '@journeyapps/wa-sqlite',
    tabs: 'many',
    setup: '`OPFSCoopSyncVFS`, a connection in each tab, `synchronous = full`',
    load: async () => (await waSqlite())('OPFSCoopSyncVFS'),
  },
  {
    name: 'wa-sqlite-ahead',
    package: '@journeyapps/wa-sqlite',
    tabs: 'many',
    setup: '`OPFSWriteAheadVFS`, a connection in each tab, `synchronous = full`',
    load: async () => (await waSqlite())('OPFSWriteAheadVFS'),
  },
  {
    name: 'sahpool',
    package: '@sqlite.org/sqlite-wasm',
    tabs: 'one',
    setup: '`opfs-sahpool` in a worker, its defaults',
    load: async () => (await import('./sahpool.ts')).openSahpool,
  },
  {
    name: 'dexie',
    package: 'dexie',
    tabs: 'many',
    setup: 'defaults',
    load: async () => (await import('./dexie.ts')).openDexie,
  },
  {
    name: 'sqljs',
    package: 'sql.js',
    tabs: 'apart',
    setup: 'in memory, the whole file put into IndexedDB after each write',
    load: async () => (await import('./sqljs.ts')).openSqljs,
  },
  {
    name: 'hop',
    tabs: 'one',
    setup: 'floor: a worker that answers from memory',
    load: async () => (await import('./hop.ts')).openHop,
  },
  {
    name: 'flush',
    tabs: 'one',
    setup: 'floor: a worker that writes 4 KiB and flushes',
    load: async () => (await import('./flush.ts')).openFlush,
  },
]

export function peerNamed(name: string): Peer {
  const peer = peers.find((known) => known.name === name)
  if (peer === undefined) {
    throw new Error(`no peer '${name}'; there are ${peers.map((known) => known.name).join(', ')}`)
  }
  return peer
}
