import type { Values } from './history.ts'
import {
  append,
  fail,
  type RunOptions,
  type WorkloadDatabase,
  type WorkloadOptions,
  type WorkloadTransaction,
} from './workload.ts'

/** The calls below need a little more of a database than the ordinary ones. */
export interface RareOptions extends WorkloadOptions {
  readonly db: WorkloadDatabase & { flush(): Promise<void> }
}

const INSERT = 'insert into log (request, tab) values (?, ?)'

/** A statement that takes its time, where a comment can make it do so: the others wait behind it. */
export function slow(options: RareOptions): Promise<void> {
  return append(options, {}, `${INSERT} /* takes ${Math.round(options.prng.number() * 900)} ms */`)
}

/** Many pages in one commit; one in nine is more than is sent unasked (R24). */
export function bulk(options: RareOptions): Promise<void> {
  const size = Math.round(2 ** (12 + options.prng.number() * 9))
  return append(
    options,
    {},
    `insert into log (request, tab, writes) values (?, ?, printf('{}%${size}s', ''))`,
  )
}

/** Does not wait for long, by its timeout or its signal. */
export async function impatient(options: RareOptions): Promise<void> {
  const { prng, pause } = options
  const patience = 1 + prng.number() ** 2 * 200
  if (prng.chance(0.5)) return append(options, { timeout: patience })
  const controller = new AbortController()
  const settled = append(options, { signal: controller.signal })
  await pause(patience)
  controller.abort()
  return settled
}

/** Asks again under the id of its first attempt, where that has left a doubt. */
export async function insistent({
  db,
  tab,
  session,
  history,
  nextRequest,
  prng,
}: RareOptions): Promise<void> {
  const request = nextRequest()
  let more: RunOptions = { timeout: 1 + prng.number() ** 2 * 100 }
  for (let attempt = 0; attempt < 3; attempt++) {
    const call = history.write(tab, request, session)
    try {
      call.ok({ version: (await db.run(INSERT, [request, tab], more)).version })
      return
    } catch (error) {
      fail(call, error)
      const { outcome, requestId: id } = error as { outcome?: string; requestId?: string }
      if (outcome !== 'unknown' || id === undefined) return
      more = { id }
    }
  }
}

/** Of its two statements the first would do; the second does not, and takes it along. */
export async function refused({ db, tab, session, history, nextRequest }: RareOptions): Promise<void> {
  const request = nextRequest()
  const call = history.write(tab, request, session)
  const statement = { sql: INSERT, params: [request, tab] }
  try {
    await db.batch([statement, statement])
    call.ok({ version: null })
  } catch (error) {
    fail(call, error)
  }
}

/** A transaction that its own callback gives up. */
export function undone(options: RareOptions): Promise<void> {
  return doomed(options, () => Promise.reject(new GivenUpError()))
}

/** One that forgets to go on, and is ended; unless the primary sleeps as well, or dies, and it is run again. */
export function sleepy(options: RareOptions): Promise<void> {
  return doomed(options, () => options.pause(1500), { sleepy: 1 })
}

/** One that SQLite ends by itself. */
export function dead(options: RareOptions): Promise<void> {
  return doomed(options, async (tx, request) => {
    const sql = 'insert or rollback into log (request) values (?)'
    await tx.run(sql, [request]).catch(() => undefined)
  })
}

class GivenUpError extends Error {}

/** @param writes what it does where it comes to its end all the same; by default it must not come to it */
async function doomed(
  { db, tab, history, nextRequest }: RareOptions,
  end: (tx: WorkloadTransaction, request: string) => Promise<void>,
  writes: Values = {},
): Promise<void> {
  const request = nextRequest()
  const call = history.write(tab, request)
  try {
    await db.transaction(async (tx) => {
      const sql = 'insert into log (request, tab, writes) values (?, ?, ?)'
      await tx.run(sql, [request, tab, JSON.stringify(writes)])
      await end(tx, request)
      for (const [key, value] of Object.entries(writes)) {
        await tx.run('insert or replace into reg values (?, ?)', [key, value])
      }
    })
    // Which no entry of the log agrees with, where it writes nothing.
    call.ok({ version: null, values: { sleepy: 1 } })
  } catch (error) {
    if (error instanceof GivenUpError) call.fail({ code: 'GIVEN_UP', outcome: 'not-applied' })
    else fail(call, error)
  }
}

/** What was written before is on disk afterwards: nothing that a history could tell. */
export async function flush({ db, history, tab }: RareOptions): Promise<void> {
  const call = history.read(tab)
  try {
    await db.flush()
    call.ok({ version: null })
  } catch (error) {
    fail(call, error)
  }
}
