import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  AbortedError,
  DatabaseClosedError,
  ParameterError,
  SqlError,
  TransactionAbortedError,
  TransactionLostError,
  TransactionTimeoutError,
  type TuttiError,
  WorkerFailedError,
} from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import type { Call } from '../protocol/call.ts'
import type { CursorCall } from '../protocol/page-messages.ts'
import type { Database } from './database.ts'
import type { TransactionOptions } from './run-transaction.ts'
import { answering, type FakeMember, FakePage, is, result } from './testing/fake-page.ts'
import type { Transaction } from './transaction.ts'

let page: FakePage
let db: Database
/** What the member answers to a call; nothing to answer it with success. */
let fail: (call: Call | CursorCall) => TuttiError | 'silence' | undefined

beforeEach(async () => {
  fail = () => undefined
  page = new FakePage(
    answering(({ n, call }, member) => {
      const error = fail(call)
      if (error === 'silence') return
      if (error === undefined)
        member.send({ type: 'answer', n, results: [result({ changes: 1 })], version: 8 })
      else member.send({ type: 'answer', n, results: [], version: 0, error: serializeError(error) })
    }),
  )
  db = await page.open({ user: 'u' })
})

afterEach(() => {
  for (const member of page.members) member.page.terminate()
})

function sent(member: FakeMember = page.member): string[] {
  return member.received.filter(is('call')).map(({ call }) => {
    const inner = call.op === 'in-transaction' ? call.call : call
    return 'sql' in inner ? inner.sql : inner.op
  })
}

const lost = (): TuttiError => new TransactionLostError('its primary is gone', { outcome: 'not-applied' })

describe('transaction', () => {
  it('begins, has the database’s calls, commits, and gives what the callback gives', async () => {
    const value = await db.transaction(
      async (tx) => {
        await tx.all('select 1')
        await tx.batch([{ sql: 'insert …' }])
        await tx.sql`select ${2}`
        return (await tx.run('update …')).changes
      },
      { id: 'mine', timeout: 3000, idle: 500 },
    )
    expect(value).toBe(1)
    expect(sent()).toEqual(['begin', 'select 1', 'batch', 'select ? ', 'update …', 'commit'])
    const calls = page.member.received.filter(is('call'))
    expect(calls[0]).toMatchObject({ id: 'mine', call: { timeout: 3000, idle: 500 } })
    expect(calls.at(-1)).toMatchObject({ id: 'mine' })
    expect(new Set(calls.map(({ call }) => 'tx' in call && call.tx)).size).toBe(1)
  })

  it('rolls back and throws the callback’s own error', async () => {
    const own = new RangeError('sold out')
    const failed = db.transaction(() => {
      throw own
    })
    await expect(failed).rejects.toBe(own)
    expect(sent()).toEqual(['begin', 'rollback'])
  })

  it('P4: ends where its handle and then the page’s last one are closed, and nobody answers its rollback', async () => {
    fail = (call) => (call.op === 'rollback' ? 'silence' : undefined)
    const other = await page.open({ user: 'u' })
    let end: (error: Error) => void = () => undefined
    const failed = db.transaction(() => new Promise((_, reject) => (end = reject)))
    await page.member.message(is('call'))
    await db.close()
    const own = new RangeError('sold out')
    end(own)
    await page.member.message(
      (message): message is never => is('call')(message) && message.call.op === 'rollback',
    )
    await other.close()
    await expect(failed).rejects.toBe(own)
    expect(page.clock.pending).toBe(0)
  })

  it('P3: waits for calls that the callback did not await, before it commits', async () => {
    fail = (call) => (call.op === 'in-transaction' ? 'silence' : undefined)
    const done = db.transaction((tx) => void tx.run('insert …'))
    const { n } = await page.member.message(is('call'), 2)
    expect(sent()).toEqual(['begin', 'insert …'])
    page.member.send({ type: 'answer', n, results: [result()], version: 0 })
    await done
    expect(sent()).toEqual(['begin', 'insert …', 'commit'])
  })

  it('P3: rolls back where a call that was not awaited fails', async () => {
    fail = (call) => (call.op === 'in-transaction' ? new SqlError('no such table') : undefined)
    const careless = db.transaction((tx) => void tx.run('insert …').catch(() => undefined))
    await expect(careless).rejects.toThrow(SqlError)
    expect(sent()).toEqual(['begin', 'insert …', 'rollback'])
  })

  it('an error that the callback caught does not matter', async () => {
    fail = (call) => (call.op === 'in-transaction' ? new SqlError('unique') : undefined)
    await db.transaction((tx) => tx.run('insert …').catch(() => undefined))
    expect(sent()).toEqual(['begin', 'insert …', 'commit'])
  })

  it('tx is of no use after the end', async () => {
    const kept = await db.transaction<Transaction[]>((tx) => [tx])
    await expect(kept[0]?.run('late')).rejects.toThrow(TransactionAbortedError)
    expect(sent()).toEqual(['begin', 'commit'])
  })

  it('runs the callback again, in a new transaction, where the primary was lost before the commit', async () => {
    let losses = 2
    fail = (call) => (call.op === 'in-transaction' && losses-- > 0 ? lost() : undefined)
    let runs = 0
    const value = await db.transaction(async (tx) => {
      runs++
      await tx.run('insert …')
      return runs
    })
    expect(value).toBe(3)
    const begun = page.member.received.filter(is('call')).map(({ call }) => call.op === 'begin' && call.tx)
    expect(new Set(begun.filter(Boolean)).size).toBe(3)
  })

  it('runs again also where the callback hid the loss, or only the commit met it', async () => {
    let losses = 1
    fail = (call) => (call.op === 'in-transaction' && losses-- > 0 ? lost() : undefined)
    const hiding = (tx: Transaction): Promise<void> =>
      tx.run('insert …').then(
        () => undefined,
        () => Promise.reject(new Error('could not insert')),
      )
    await db.transaction(hiding)
    losses = 1
    fail = (call) => (call.op === 'commit' && losses-- > 0 ? lost() : undefined)
    await db.transaction(hiding)
    expect(sent().filter((call) => call === 'commit')).toHaveLength(3)
  })

  it('gives up after five runs', async () => {
    fail = (call) => (call.op === 'in-transaction' ? lost() : undefined)
    await expect(db.transaction((tx) => tx.run('insert …'))).rejects.toThrow(TransactionLostError)
    expect(sent().filter((call) => call === 'begin')).toHaveLength(5)
  })

  it.each([
    ['retry: false', { retry: false }, 'in-transaction', lost()],
    ['a commit in doubt', {}, 'commit', new TransactionLostError('?', { outcome: 'unknown' })],
    [
      'SQLite’s own end of it (R18)',
      {},
      'in-transaction',
      new TransactionAbortedError('R', { outcome: 'not-applied' }),
    ],
    ['its deadline', {}, 'in-transaction', new TransactionTimeoutError('late', { outcome: 'not-applied' })],
  ] as const)('P3: never runs again after %s', async (_what, options, op, error) => {
    fail = (call) => (call.op === op ? error : undefined)
    await expect(db.transaction((tx) => tx.run('insert …'), options)).rejects.toMatchObject({
      code: error.code,
    })
    expect(sent().filter((call) => call === 'begin')).toHaveLength(1)
  })

  it('P4: a callback that never ends is bounded by timeout', async () => {
    const hanging = db.transaction(() => new Promise<void>(() => undefined), { timeout: 100 })
    await page.member.message(is('call'))
    await db.flush()
    page.clock.advance(100)
    await expect(hanging).rejects.toThrow(TransactionTimeoutError)
    await expect(hanging).rejects.toMatchObject({ outcome: 'not-applied' })
    expect(sent()).toEqual(['begin', 'flush', 'rollback'])
  })

  it('signal: rolls back, also while the callback waits for something else', async () => {
    const controller = new AbortController()
    const aborted = db.transaction(
      async (tx) => {
        await tx.run('insert …')
        controller.abort('enough')
        await new Promise<void>(() => undefined)
      },
      { signal: controller.signal },
    )
    await expect(aborted).rejects.toThrow(AbortedError)
    await expect(aborted).rejects.toMatchObject({ outcome: 'not-applied', cause: 'enough' })
    expect(sent()).toEqual(['begin', 'insert …', 'rollback'])
  })

  it('a begin that failed is taken back, because its answer may only be late', async () => {
    fail = (call) => (call.op === 'begin' ? new SqlError('no') : undefined)
    await expect(db.transaction(() => 1)).rejects.toThrow(SqlError)
    await page.member.message(is('call'), 2)
    expect(sent()).toEqual(['begin', 'rollback'])
  })

  it('a member that dies in it: the transaction runs again on the next one', async () => {
    let runs = 0
    fail = (call) => (call.op === 'in-transaction' && runs === 1 ? 'silence' : undefined)
    const done = db.transaction(async (tx) => {
      runs++
      await tx.run('insert …')
    })
    await page.member.message(is('call'), 2)
    page.member.crash('Uncaught RangeError')
    await done
    expect([runs, sent(page.member)]).toEqual([2, ['begin', 'insert …', 'commit']])
  })

  it('P3: a commit that died with its member is in doubt, and not run again', async () => {
    fail = (call) => (call.op === 'commit' ? 'silence' : undefined)
    const done = db.transaction((tx) => tx.run('insert …'), { id: 'mine' })
    await page.member.message(is('call'), 3)
    page.member.crash('Uncaught RangeError')
    await expect(done).rejects.toThrow(WorkerFailedError)
    await expect(done).rejects.toMatchObject({ outcome: 'unknown', requestId: 'mine' })
  })

  it('close() in it: rolled back, not committed', async () => {
    const other = await page.open({ user: 'u' })
    let closed: Promise<void> | undefined
    const failed = db.transaction((tx) => {
      closed = db.close()
      return tx.run('insert …')
    })
    await expect(failed).rejects.toThrow(DatabaseClosedError)
    await closed
    await other.flush()
    expect(sent()).toEqual(['begin', 'rollback', 'flush'])
  })

  it.each([
    ['no function', undefined, {}],
    ['idle', () => undefined, { idle: 0 }],
    ['timeout', () => undefined, { timeout: Number.NaN }],
    ['retry', () => undefined, { retry: 3 as unknown as boolean }],
    ['an unknown option', () => undefined, { retries: 3 }],
  ])('refuses %s', async (_what, callback, options) => {
    await expect(db.transaction(callback as () => void, options as TransactionOptions)).rejects.toThrow(
      ParameterError,
    )
    expect(sent()).toEqual([])
  })

  it('a call in it has no id of its own', async () => {
    await expect(db.transaction((tx) => tx.run('insert …', [], { id: 'x' }))).rejects.toThrow(
      "no option 'id'",
    )
  })
})
