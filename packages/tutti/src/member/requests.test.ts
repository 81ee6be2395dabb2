import { describe, expect, test } from 'vitest'
import { DatabaseClosedError, OutcomeUnknownError, type TuttiError } from '../errors/errors.ts'
import { serializeError } from '../errors/wire.ts'
import { ManualClock } from '../platform/testing/manual-clock.ts'
import type { Request, ToPrimary } from '../protocol/messages.ts'
import { type Ask, type Committed, Requests, STALE_AFTER, UNAVAILABLE } from './requests.ts'

const WRITE: Ask = { call: { op: 'statement', sql: 'insert', rows: 'none' }, read: false }
const READ: Ask = { call: { op: 'statement', sql: 'select', rows: 'all' }, read: true }

function asking() {
  const clock = new ManualClock()
  const sent: ToPrimary[] = []
  const heard = { at: 0 }
  const ended: [seq: number, committed: Committed | undefined][] = []
  const link = {
    packs: true,
    joined: true,
    get silence() {
      return clock.mono() - heard.at
    },
    announcement: { epoch: 3 },
    post: (message: ToPrimary) => void sent.push(message),
  }
  const requests = new Requests({
    clock,
    member: 'm',
    durability: 'full',
    link,
    ping: () => undefined,
    startFailure: () => undefined,
    onEnd: (seq, committed) => ended.push([seq, committed]),
  })
  const hear = () => {
    heard.at = clock.mono()
  }
  const fails = (promise: Promise<unknown>) =>
    promise.then(
      () => undefined,
      (error: TuttiError) => error,
    )
  const answer = (seq: number, error?: Error) =>
    requests.answered({
      type: 'answer',
      epoch: 3,
      seq,
      version: 7,
      results: [],
      ...(error === undefined ? {} : { error: serializeError(error) }),
    })
  const posted = () => sent.filter((message): message is Request => message.type === 'request')
  return { clock, sent, posted, link, requests, hear, fails, answer, ended }
}

describe('R15 a request', () => {
  test('keeps its id and its expiry for its life, also where it is asked again', async () => {
    const { clock, posted, requests, answer } = asking()
    const wall = clock.wall()
    const asked = requests.ask({ ...WRITE, timeout: 4000 })
    clock.pass(1000)
    requests.resend()
    const [first, again] = posted()
    expect([again?.key, again?.seq, again?.expires]).toEqual([first?.key, first?.seq, wall + 4000])
    expect(again?.timeout).toBe(3000)
    answer(1)
    expect(await asked).toEqual({ results: [], version: 7 })
    answer(1, new Error('answered twice'))
    expect(requests.size).toBe(0)
  })

  test('says up to where all are answered, and does not count those of unknown outcome', async () => {
    const { requests, posted, fails, answer } = asking()
    const asks = [1, 2, 3].map(() => fails(requests.ask(WRITE)))
    answer(2, new OutcomeUnknownError('?', { outcome: 'unknown' }))
    answer(1)
    answer(3)
    await Promise.all(asks)
    void fails(requests.ask(WRITE))
    expect(posted().map(({ answered }) => answered)).toEqual([0, 0, 0, 1])
  })

  test('is not sent before an epoch was joined, and then with that epoch', () => {
    const { requests, posted, link } = asking()
    link.joined = false
    void requests.ask(WRITE)
    expect(posted()).toEqual([])
    link.joined = true
    requests.resend()
    expect(posted().map(({ epoch }) => epoch)).toEqual([3])
  })
})

describe('P4 what is not answered', () => {
  test('ends with its bound: unknown where it was sent, not applied where it was not', async () => {
    const { clock, link, requests, fails, hear } = asking()
    const sent = fails(requests.ask({ ...WRITE, timeout: 1000 }))
    link.joined = false
    const unsent = fails(requests.ask({ ...WRITE, timeout: 1000 }))
    for (let i = 0; i < 6; i++) {
      hear()
      clock.pass(500)
    }
    expect(await sent).toMatchObject({ code: 'CALL_TIMEOUT', outcome: 'unknown', requestId: 'm:1' })
    expect(await unsent).toMatchObject({ code: 'CALL_TIMEOUT', outcome: 'not-applied' })
  })

  test('a read ends after 2 s without a primary, a write after 10 s, and neither while it gives signs of life', async () => {
    const { clock, requests, fails, hear } = asking()
    const ended: string[] = []
    const read = fails(requests.ask(READ)).then((error) => ended.push(error?.code ?? ''))
    const write = fails(requests.ask(WRITE)).then((error) => ended.push(error?.code ?? ''))
    for (let i = 0; i < 24; i++) {
      clock.pass(500)
      hear()
    }
    await Promise.resolve()
    expect(ended).toEqual([])
    clock.pass(STALE_AFTER + 500)
    await read
    expect(ended).toEqual(['STALE_READ'])
    clock.pass(UNAVAILABLE)
    await write
    expect(ended).toEqual(['STALE_READ', 'PRIMARY_UNAVAILABLE'])
  })

  test('statements of a transaction are never in doubt without its commit', async () => {
    const { requests, fails } = asking()
    const calls = ['begin', 'rollback', 'commit'] as const
    const asks = calls.map((op) =>
      fails(requests.ask({ call: { op, tx: 't', timeout: 1, idle: 1 }, read: false })),
    )
    requests.failAll((details) => new DatabaseClosedError('closed', details))
    const outcomes = (await Promise.all(asks)).map((error) => error?.outcome)
    expect(outcomes).toEqual(['not-applied', 'not-applied', 'unknown'])
  })

  test('an aborted one is taken back from the primary, or ends at once where it was not sent', async () => {
    const { requests, sent, link, fails } = asking()
    const asked = fails(requests.ask(WRITE))
    requests.cancel(1)
    expect(sent.at(-1)).toEqual({ type: 'cancel', member: 'm', seq: 1 })
    link.joined = false
    const unsent = fails(requests.ask(WRITE))
    requests.cancel(2)
    expect(await unsent).toMatchObject({ code: 'ABORTED', outcome: 'not-applied' })
    requests.close()
    expect(requests.size).toBe(1)
    void asked
  })
})

test('P1.4 a write tells of its commit before its caller learns of it, and what only read or failed tells of none', async () => {
  const { requests, ended, link, answer } = asking()
  const columns = ['x']
  const committed = (call: Ask['call'], ...results: { columns: string[]; changes: number }[]) => {
    const before = ended.length
    const asked = requests.ask({ call, read: false, cause: 'why' })
    const seq = requests.doubtful.at(-1) ?? 0
    requests.answered({
      type: 'answer',
      epoch: 3,
      seq,
      version: 7,
      results: results.map((result) => ({ ...result, rows: [], lastInsertRowid: 0 })),
    })
    return asked.then(() => ended.slice(before).map(([, commit]) => commit))
  }
  const mine = [{ version: 7, cause: 'why' }]
  expect(await committed({ op: 'statement', sql: 'x', rows: 'none' }, { columns: [], changes: 0 })).toEqual(
    mine,
  )
  expect(await committed({ op: 'statement', sql: 'x', rows: 'all' }, { columns, changes: 1 })).toEqual(mine)
  expect(await committed({ op: 'statement', sql: 'x', rows: 'all' }, { columns, changes: 0 })).toEqual([
    undefined,
  ])
  expect(await committed({ op: 'commit', tx: 't' })).toEqual(mine)
  link.joined = false
  void requests.ask(WRITE)
  link.joined = true
  void requests.ask(READ)
  void requests.ask({ call: { op: 'begin', tx: 't', timeout: 1, idle: 1 }, read: false })
  expect(requests.doubtful).toEqual([])
  const failing = requests.ask(WRITE)
  const [seq = 0] = requests.doubtful
  answer(seq, new OutcomeUnknownError('gone', { outcome: 'unknown' }))
  await expect(failing).rejects.toThrow('gone')
  expect(ended.at(-1)).toEqual([seq, undefined])
})
