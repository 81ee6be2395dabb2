import { describe, expect, it } from 'vitest'
import { loadSqlite } from '../sqlite/load-sqlite.ts'
import { createMemoryStore } from './memory-store.ts'
import { openPrimaryConnection, type PrimaryConnection } from './primary-connection.ts'
import type { Store } from './store.ts'
import { type CrashLoss, type FaultKind, FaultyDisk } from './testing/faulty-device.ts'

const sqlite = await loadSqlite()

/** Every commit: row `n` in `log`, and rows that make pages split, spill and go away again. */
const TRANSACTIONS = 9
const SPILLING = 4

interface Outcome {
  /** Commits that returned, were flushed, and so were answered. */
  readonly acknowledged: number
  /** Commits that failed, or were cut off, without a certain end: they may be there or not. */
  readonly doubtful: number | undefined
  /** Whether SQLite said of some transaction, before its commit mark, that it rolled back. */
  readonly failed: readonly number[]
}

function storeOn(disk: FaultyDisk): Store {
  const wal = disk.open('wal')
  return { ...createMemoryStore(disk.open('main'), wal), flush: () => wal.flush() }
}

function open(disk: FaultyDisk): PrimaryConnection {
  const primary = openPrimaryConnection(sqlite, storeOn(disk), {
    walReserve: 100_000,
    buffer: { chunkSize: 20_000, mostChunks: 3 },
  })
  primary.connection.exec('pragma cache_size = 12')
  return primary
}

function setUp(disk: FaultyDisk): void {
  const primary = open(disk)
  primary.connection.exec(
    'create table log(n integer primary key); create table bulk(n, filler, k); create index bulk_k on bulk(k)',
  )
  void primary.files.flush()
  // Ends as a killed tab does, so that the next start has a WAL to recover.
  disk.plan({ at: 1, kind: 'crash', andThenOn: true })
  primary.close()
  disk.restart('all')
}

/** Writes as a primary does: on a failure that leaves a doubt it stops (R17). */
function work(disk: FaultyDisk): Outcome {
  let acknowledged = 0
  const failed: number[] = []
  let primary: PrimaryConnection | undefined
  let n = 1
  try {
    primary = open(disk)
    const { connection, files } = primary
    for (; n <= TRANSACTIONS; n++) {
      const outcome = commit(primary, n)
      if (files.poisoned) return { acknowledged, doubtful: n, failed }
      if (outcome === 'failed') {
        if (!connection.autocommit) connection.exec('rollback')
        failed.push(n)
        continue
      }
      try {
        void files.flush()
      } catch {
        return { acknowledged, doubtful: n, failed }
      }
      acknowledged = n
      if (n % 3 === 0) {
        try {
          primary.checkpoint()
        } catch {
          // A failed checkpoint loses nothing: the WAL still has it all.
        }
        if (files.poisoned) return { acknowledged, doubtful: undefined, failed }
      }
    }
    return { acknowledged, doubtful: undefined, failed }
  } catch {
    return { acknowledged, doubtful: primary === undefined ? undefined : n, failed }
  } finally {
    primary?.close()
  }
}

function commit(primary: PrimaryConnection, n: number): 'committed' | 'failed' {
  const { connection } = primary
  try {
    connection.exec('begin immediate')
    connection.exec(`insert into log values (${n})`)
    const rows = n === SPILLING ? 60 : 2
    connection.exec(
      `with recursive i(x) as (select 1 union all select x + 1 from i where x < ${rows})
       insert into bulk select ${n}, hex(randomblob(700)), x * 7919 % 1000 from i`,
    )
    if (n === SPILLING)
      connection.exec(
        'savepoint a; delete from bulk where k % 2 = 0; rollback to a; update bulk set k = k + 1',
      )
    if (n === 6) connection.exec(`delete from bulk where n = ${SPILLING}`)
    connection.exec('commit')
    return 'committed'
  } catch {
    return 'failed'
  }
}

/** What must hold after any fault: acknowledged rows are there, failed ones are not, nothing is half. */
function verify(disk: FaultyDisk, outcome: Outcome): void {
  const primary = open(disk)
  try {
    const { connection } = primary
    expect(connection.scalar('pragma integrity_check')).toBe('ok')
    const rows = connection.rows('select n from log order by n').map(([n]) => Number(n))
    const certain = Array.from({ length: outcome.acknowledged }, (_, i) => i + 1).filter(
      (n) => !outcome.failed.includes(n),
    )
    expect(rows.filter((n) => n !== outcome.doubtful)).toEqual(certain)
    for (const n of rows) {
      const expected = n === SPILLING ? (rows.includes(6) ? 0 : 60) : 2
      expect(connection.scalar('select count(*) from bulk where n = ?', [n])).toBe(expected)
    }
    expect(connection.scalar('select count(*) from bulk where n not in (select n from log)')).toBe(0)
    // And it goes on from there.
    connection.exec('insert into log values (1000)')
    expect(connection.scalar('select max(n) from log')).toBe(1000)
  } finally {
    primary.close()
  }
}

function seeded(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return state / 2_147_483_648
  }
}

const KINDS: readonly FaultKind[] = ['throw', 'quota', 'short', 'absurd', 'crash']
const LOSSES: Readonly<Record<FaultKind, readonly CrashLoss[]>> = {
  throw: ['none'],
  quota: ['none'],
  short: ['none'],
  absurd: ['none'],
  crash: ['all', 'none', 'some'],
}

describe('P2 R17 R25: the N-th operation of the storage fails', () => {
  for (const kind of KINDS) {
    for (const loss of LOSSES[kind]) {
      for (const andThenOn of kind === 'crash' ? [true] : [false, true]) {
        const title = `${kind}${andThenOn && kind !== 'crash' ? ', and from then on' : ''}${kind === 'crash' ? `, losing ${loss}` : ''}`
        it(`keeps every acknowledged row and nothing half: ${title}`, { timeout: 60_000 }, () => {
          const seen = { failed: 0, doubtful: 0 }
          let at = 1
          for (; ; at++) {
            const disk = new FaultyDisk(seeded(at))
            setUp(disk)
            disk.plan({ at, kind, andThenOn })
            const outcome = work(disk)
            const reached = disk.hit
            if (outcome.failed.length > 0) seen.failed++
            if (outcome.doubtful !== undefined) seen.doubtful++
            disk.restart(loss)
            try {
              verify(disk, outcome)
            } catch (error) {
              throw new Error(`Operation ${at} failing (${title}), ${JSON.stringify(outcome)}`, {
                cause: error,
              })
            }
            if (!reached) break
          }
          expect(at).toBeGreaterThan(100)
          expect(seen.failed).toBeGreaterThan(10)
          expect(seen.doubtful).toBeGreaterThan(10)
        })
      }
    }
  }
})

describe('P2 R17: the power goes after the next start', () => {
  it.each(['crash', 'throw'] as const)(
    'the first start ends at its N-th operation by a %s, and what the second one flushed is there',
    (kind) => {
      for (let at = 1, reached = true; reached; at++) {
        const disk = new FaultyDisk()
        disk.plan({ at, kind, andThenOn: kind === 'crash' })
        try {
          open(disk).close()
        } catch {
          // The next one has to cope with what there is.
        }
        reached = disk.hit
        disk.restart('none')
        const { connection, files } = open(disk)
        connection.exec('create table kept(n); insert into kept values (7)')
        void files.flush()
        disk.restart('all')
        expect([at, open(disk).connection.rows('select n from kept')]).toEqual([at, [[7]]])
      }
    },
  )
})

describe('R17: after a failure at or after a commit mark', () => {
  it.each(['commit', 'flush'] as const)(
    'nothing is read or written any more, and reopening tells: %s',
    (point) => {
      const disk = new FaultyDisk()
      setUp(disk)
      const { connection, files, checkpoint, close } = open(disk)
      connection.exec('begin; insert into log values (1)')
      if (point === 'flush') connection.exec('commit')
      disk.plan({ at: 1, kind: 'throw', andThenOn: false })
      const fails = point === 'flush' ? () => files.flush() : () => connection.exec('commit')
      expect(fails).toThrow(point === 'flush' ? 'Planned failure of flush' : 'disk I/O error')
      expect(files.poisoned).toBe(true)
      expect(String(files.cause)).toContain('Planned failure')
      // The storage works again; but what it holds is not known here.
      expect(() => connection.exec('insert into log values (2)')).toThrow('disk I/O error')
      expect(() => checkpoint()).toThrow('disk I/O error')
      close()
      const again = open(disk)
      expect(again.connection.rows('select n from log')).toEqual(point === 'flush' ? [[1]] : [])
      again.close()
    },
  )
})
