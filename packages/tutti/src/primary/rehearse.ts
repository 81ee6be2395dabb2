import { browserBlobs } from '../platform/blobs.ts'
import type { Platform } from '../platform/platform.ts'
import { BUILD } from '../protocol/version.ts'
import { UNLIMITED } from '../sqlite/deadline.ts'
import type { Sqlite } from '../sqlite/sqlite.ts'
import { createMemoryStore } from '../storage/memory-store.ts'
import { createEngine } from './create-engine.ts'

const MEMBER = 'rehearsal'

/**
 * Opens a database in memory, writes, and does both again as after a crash: a browser compiles each function when it
 * first runs, and a failover would wait for that. A step at a time, while `goesOn`.
 */
export async function rehearse(
  { clock, random }: Platform,
  sqlite: Sqlite,
  goesOn: () => boolean,
): Promise<void> {
  const store = createMemoryStore()
  for (let seq = 1; seq <= 2 && goesOn(); seq++) {
    const engine = createEngine({
      sqlite,
      store,
      clock,
      random,
      blobs: browserBlobs,
      expectedIncarnation: null,
      options: {
        build: BUILD,
        onProgress: () => {},
        migrations: [{ name: MEMBER, sql: 'create table t (a)' }],
      },
    })
    try {
      await clock.turn()
      if (goesOn()) {
        const insert = {
          op: 'statement',
          sql: 'insert into t values (?)',
          params: [seq],
          rows: 'none',
        } as const
        engine.execute(insert, { key: { owner: MEMBER, seq }, member: MEMBER, answered: 0 }, UNLIMITED)
        engine.flushed(engine.version)
      }
    } finally {
      engine.close(true)
    }
    await clock.turn()
  }
}
