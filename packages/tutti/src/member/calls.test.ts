import { describe, expect, test } from 'vitest'
import { DatabaseDeletedError } from '../errors/errors.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { Call } from '../protocol/call.ts'
import type { FromMemberWorker, MemberStatus } from '../protocol/page-messages.ts'
import { Calls } from './calls.ts'
import type { Feed } from './feed.ts'
import type { Reads } from './reads.ts'
import type { Answer, Ask, Requests } from './requests.ts'
import { FakeReplica } from './testing/fake-replica.ts'

/** Calls of a page whose replica judges what begins with `select` a read, and knows no table `unknown`. */
function calling({ live = true, mayRead = [true] } = {}) {
  const posted: FromMemberWorker[] = []
  const asked: Ask[] = []
  const cancelled: number[] = []
  const answers: ((answer: Answer) => void)[] = []
  class Replica extends FakeReplica {
    override isRead(): boolean {
      return this.sql.startsWith('select')
    }
    sql = ''
  }
  const replica = new Replica()
  const requests = {
    ask: (ask: Ask, onSeq: (seq: number) => void) => {
      asked.push(ask)
      onSeq(asked.length)
      return new Promise<Answer>((resolve) => answers.push(resolve))
    },
    cancel: (seq: number) => void cancelled.push(seq),
  }
  const reads = {
    mayRead: () => Promise.resolve(mayRead.length > 1 ? mayRead.shift() : mayRead[0]),
    read: ({ sql }: { sql: string }) =>
      Promise.resolve(sql.includes('unknown') ? { kind: 'forward' } : { kind: 'rows', results: [] }),
  }
  const feed = {
    mode: live ? 'live' : 'building',
    position: { version: 5 },
    pin: () => undefined,
    unpin: () => undefined,
    whenLive: () => Promise.resolve(),
  }
  const calls = new Calls({
    clock: new ManualClock(),
    page: { post: (message) => void posted.push(message) },
    requests: requests as unknown as Requests,
    reads: reads as unknown as Reads,
    feed: feed as unknown as Feed,
    replica,
    isRevoked: () => false,
    status: () => Promise.resolve({} as MemberStatus),
  })
  let n = 0
  const call = async (made: Call, more: { id?: string } = {}) => {
    replica.sql = made.op === 'statement' ? made.sql : ''
    calls.call({ type: 'call', n: ++n, handle: 1, call: made, ...more })
    await settle()
    return n
  }
  const run = (sql: string, more?: { id?: string }) => call({ op: 'statement', sql, rows: 'all' }, more)
  const answer = async (version = 9) => {
    answers.shift()?.({ results: [], version })
    await settle()
  }
  return { calls, posted, asked, cancelled, run, call, answer }
}

const settle = async () => {
  for (let i = 0; i < 30; i++) await Promise.resolve()
}

describe('a call of the page', () => {
  test('that reads is answered by the replica, at its version, and asks nobody', async () => {
    const { posted, asked, run } = calling()
    await run('select 1')
    expect(posted).toEqual([{ type: 'answer', n: 1, results: [], version: 5 }])
    expect(asked).toEqual([])
  })

  test("that writes goes to the primary, under the app's own id where it gave one", async () => {
    const { posted, asked, run, answer } = calling()
    await run('insert into t values (1)', { id: 'pay-1' })
    expect(asked).toMatchObject([{ read: false, key: { owner: '#pay-1', seq: 0 } }])
    await answer()
    expect(posted).toEqual([{ type: 'answer', n: 1, results: [], version: 9 }])
  })

  test('R13 that the replica cannot prepare goes to the primary, whose verdict counts', async () => {
    const { posted, asked, run, answer } = calling()
    await run('select * from unknown')
    expect([asked.length, posted]).toEqual([1, []])
    await answer()
    expect(posted).toMatchObject([{ version: 9 }])
  })

  test('R12 that reads goes to the primary while there is no replica, and is known to be a read', async () => {
    const { asked, run } = calling({ live: false })
    await run('select 1')
    expect(asked).toMatchObject([{ read: true }])
  })

  test('is taken back where it was sent, and ends at once where it waits for its turn', async () => {
    const { calls, posted, cancelled, run } = calling()
    const sent = await run('insert into t values (1)')
    const waiting = await run('select 1')
    calls.cancel(sent)
    calls.cancel(waiting)
    await settle()
    expect(cancelled).toEqual([1])
    expect(posted).toMatchObject([{ n: waiting, error: { code: 'ABORTED' } }])
  })

  test('P4 ends with the reason once nothing more is possible, also where it waits for its turn', async () => {
    const { calls, posted, run } = calling()
    await run('insert into t values (1)')
    await run('select 1')
    calls.end(new DatabaseDeletedError('gone'))
    await settle()
    await run('select 2')
    expect(posted).toMatchObject([
      { n: 2, error: { code: 'DATABASE_DELETED' } },
      { n: 3, error: { code: 'DATABASE_DELETED' } },
    ])
  })
})

test('an interactive transaction: begin, its statements and its end go to the primary, reads beside it do not', async () => {
  const { posted, asked, call, run, answer } = calling()
  await call({ op: 'begin', tx: 't', timeout: 1, idle: 1 })
  await answer()
  await call({ op: 'in-transaction', tx: 't', call: { op: 'statement', sql: 'select 1', rows: 'all' } })
  const beside = await run('select 2')
  expect(posted.at(-1)).toMatchObject({ n: beside, version: 5 })
  await answer()
  await call({ op: 'commit', tx: 't' })
  await answer()
  expect(asked.map((ask) => ask.call.op)).toEqual(['begin', 'in-transaction', 'commit'])
  expect(posted.map((message) => ('n' in message ? message.n : 0))).toEqual([1, beside, 2, 4])
})

test('R2 an export waits for the next replica where this one is lost before it may be read', async () => {
  const { calls, posted } = calling({ mayRead: [false, false, true] })
  await calls.export(7)
  expect(posted).toMatchObject([{ type: 'exported', n: 7, file: new Blob() }])
})

test('an export is the bytes of this replica', async () => {
  const { calls, posted } = calling()
  await calls.export(7)
  expect(posted).toMatchObject([{ type: 'exported', n: 7, file: new Blob() }])
  calls.end(new DatabaseDeletedError('gone'))
  await calls.export(8)
  expect(posted.at(-1)).toMatchObject({ type: 'exported', n: 8, error: { code: 'DATABASE_DELETED' } })
})
