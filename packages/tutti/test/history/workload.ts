import type { Prng } from '../../src/platform/simulated/prng.ts'
import type { Migration, Params, SqlValue, Statement } from '../../src/protocol/values.ts'
import type { History, PendingCall, Values } from './history.ts'

/** Each transaction leaves its request id, its epoch, and what it read and wrote: enough to judge any run by. */
export const MIGRATIONS: readonly Migration[] = [
  {
    name: '1 log and registers',
    sql: `create table log (
            id integer primary key, request text not null unique, tab text,
            epoch integer, reads text, writes text);
          create table reg (k text primary key, v integer not null) without rowid;`,
  },
]

const KEYS = ['a', 'b', 'c']
/** The whole log would make each read of a long run cost more than the one before. */
const TAIL = 30
const SNAPSHOT = `select (select count(*) from log) as size,
                         (select json_group_array(request) from (select request from (
                            select id, request from log order by id desc limit ${TAIL}) order by id)) as log,
                         (select json_group_object(k, v) from reg) as regs`

/** What of a `Database` the workload uses: the library's own class, or the built one in a page. */
export interface WorkloadDatabase {
  query(sql: string): Promise<{ readonly rows: readonly SqlValue[][]; readonly version: number }>
  run(sql: string, params: Params, options: RunOptions): Promise<{ readonly version: number }>
  batch(statements: readonly Statement[]): Promise<unknown>
  transaction<Result>(
    callback: (tx: WorkloadTransaction) => Promise<Result>,
    options?: TransactionBounds,
  ): Promise<Result>
}

export interface RunOptions {
  readonly id?: string
  readonly timeout?: number
  readonly signal?: AbortSignal
}

export interface WorkloadTransaction {
  get<Row>(sql: string, params: Params): Promise<Row | undefined>
  run(sql: string, params: Params): Promise<unknown>
}

interface TransactionBounds {
  readonly timeout?: number
  readonly idle?: number
}

export interface WorkloadOptions {
  readonly db: WorkloadDatabase
  readonly tab: string
  readonly session: string
  readonly history: History
  readonly prng: Prng
  /** Resolves after so many ms of the tab's own clock. */
  readonly pause: (ms: number) => Promise<void>
  /** Unique request ids for the whole run. */
  readonly nextRequest: () => string
  /** The epoch that this tab follows, asked while its transaction is open. */
  readonly epoch?: () => Promise<number>
  /** For interactive transactions; the library's own where there are none. */
  readonly bounds?: TransactionBounds
}

/** Makes `count` random calls, some without awaiting the one before; resolves when all are settled. */
export async function runWorkload(options: WorkloadOptions, count: number): Promise<void> {
  const { prng, pause } = options
  const running: Promise<void>[] = []
  for (let i = 0; i < count; i++) {
    const call = prng.pick([read, read, append, append, batch, increment, named, burst])
    const settled = call(options)
    running.push(settled)
    if (prng.number() < 0.7) await settled
    if (prng.number() < 0.5) await pause(prng.number() * 120)
  }
  await Promise.all(running)
}

export async function read({ db, tab, session, history }: WorkloadOptions): Promise<void> {
  const call = history.read(tab, session)
  try {
    const { rows, version } = await db.query(SNAPSHOT)
    const [size, log, regs] = rows[0] as [number, string, string]
    call.ok({ version, size, log: JSON.parse(log) as string[], values: JSON.parse(regs) as Values })
  } catch (error) {
    fail(call, error)
  }
}

export async function append(
  options: WorkloadOptions,
  more: RunOptions = {},
  sql = 'insert into log (request, tab) values (?, ?)',
): Promise<void> {
  const { db, tab, session, history, nextRequest } = options
  const request = more.id ?? nextRequest()
  const call = history.write(tab, request, session)
  try {
    call.ok({ version: (await db.run(sql, [request, tab], more)).version })
  } catch (error) {
    fail(call, error)
    // The same request may be asked again: it happens once. An outdated tab has nobody to ask until it is reloaded.
    const again = outcomeOf(error) === 'unknown' && wordOf(error, 'code') !== 'OUTDATED'
    if (more.id !== undefined && again) await append(options, more, sql)
  }
}

export function named(options: WorkloadOptions): Promise<void> {
  return append(options, { id: options.nextRequest() })
}

/** A crowd of writes that share their flushes, and reads among them. */
export async function burst(options: WorkloadOptions): Promise<void> {
  const size = 2 + Math.floor(options.prng.number() * 8)
  await Promise.all(
    Array.from({ length: size }, () => (options.prng.number() < 0.2 ? read(options) : append(options))),
  )
}

export async function batch({
  db,
  tab,
  session,
  history,
  prng,
  nextRequest,
}: WorkloadOptions): Promise<void> {
  const request = nextRequest()
  const call = history.write(tab, request, session)
  const key = prng.pick(KEYS)
  const value = Math.floor(prng.number() * 1000)
  try {
    await db.batch([
      {
        sql: 'insert into reg values (?, ?) on conflict (k) do update set v = excluded.v',
        params: [key, value],
      },
      {
        sql: 'insert into log (request, tab, writes) values (?, ?, ?)',
        params: [request, tab, JSON.stringify({ [key]: value })],
      },
    ])
    call.ok({ version: null, values: { [key]: value } })
  } catch (error) {
    fail(call, error)
  }
}

/** Read-modify-write in an interactive transaction: what lost updates are made of. */
export async function increment({
  db,
  tab,
  history,
  prng,
  pause,
  nextRequest,
  epoch,
  bounds,
}: WorkloadOptions): Promise<void> {
  const request = nextRequest()
  // Without the session: reads called while the callback runs see the state before it.
  const call = history.write(tab, request)
  const key = prng.pick(KEYS)
  const think = prng.number() < 0.3 ? prng.number() * 50 : 0
  try {
    await db.transaction(async (tx) => {
      const row = await tx.get<{ v: number }>('select v from reg where k = ?', [key])
      const before = row?.v ?? null
      if (think > 0) await pause(think)
      const after = (before ?? 0) + 1
      await tx.run('insert into reg values (?, ?) on conflict (k) do update set v = excluded.v', [key, after])
      await tx.run('insert into log (request, tab, epoch, reads, writes) values (?, ?, ?, ?, ?)', [
        request,
        tab,
        (await epoch?.()) ?? null,
        JSON.stringify({ [key]: before }),
        JSON.stringify({ [key]: after }),
      ])
    }, bounds)
    call.ok({ version: null })
  } catch (error) {
    fail(call, error)
  }
}

export function fail(call: PendingCall, error: unknown): void {
  const code = wordOf(error, 'code')
  if (code === undefined) throw error
  call.fail({ code, outcome: outcomeOf(error) })
}

function outcomeOf(error: unknown): 'not-applied' | 'unknown' | undefined {
  const outcome = wordOf(error, 'outcome')
  return outcome === 'not-applied' || outcome === 'unknown' ? outcome : undefined
}

/** By name: in a page the error's class is that of the built library, and not the one that could be imported here. */
function wordOf(error: unknown, name: 'code' | 'outcome'): string | undefined {
  const value: unknown = error instanceof Error ? Reflect.get(error, name) : undefined
  return typeof value === 'string' ? value : undefined
}
