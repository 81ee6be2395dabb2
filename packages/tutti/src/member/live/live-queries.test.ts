import { describe, expect, test } from 'vitest'
import { SqlError, StaleReadError } from '../../errors/errors.ts'
import { ManualClock } from '../../platform/testing/manual-clock.ts'
import type { FromMemberWorker } from '../../protocol/page-messages.ts'
import type { ChangeSet, SqlValue, StatementResult } from '../../protocol/values.ts'
import type { Feed } from '../feed.ts'
import type { Reads } from '../reads.ts'
import type { Answer, Requests } from '../requests.ts'
import { FakeReplica } from '../testing/fake-replica.ts'
import { LiveQueries } from './live-queries.ts'

const SOMETHING: ChangeSet = { all: false, tables: { t: { rowids: [1], columns: null } } }

interface Asked {
  readonly answer: (version: number, ...rows: SqlValue[][]) => void
  readonly fail: (error: Error) => void
}

/** Live queries whose reads and whose primary a test plays. */
function playing({ here = true }: { readonly here?: boolean } = {}) {
  const told: string[] = []
  const log: string[] = []
  const asked: Asked[] = []
  const cancelled: number[] = []
  const state = { version: 5, rows: [] as SqlValue[][], error: undefined as Error | undefined }
  const replica = Object.assign(new FakeReplica(), {
    read: (call: { sql: string }) => {
      log.push(`run ${call.sql}`)
      return { kind: 'rows' as const, results: [resultOf(state.rows)] }
    },
  })
  const clock = new ManualClock()
  const live = new LiveQueries({
    clock,
    member: 'me',
    page: { post: (message: FromMemberWorker) => told.push(describeMessage(message)) },
    reads: {
      mayRead: () => (state.error === undefined ? Promise.resolve(here) : Promise.reject(state.error)),
    } as unknown as Reads,
    requests: {
      ask: (_: unknown, onSeq: (seq: number) => void) => {
        onSeq(asked.length + 1)
        return new Promise<Answer>((resolve, reject) => {
          asked.push({
            answer: (version, ...rows) => resolve({ version, results: [resultOf(rows)] }),
            fail: reject,
          })
        })
      },
      cancel: (seq: number) => cancelled.push(seq),
    } as unknown as Requests,
    replica,
    feed: {
      get position() {
        return { incarnation: 'i', epoch: 1, version: state.version }
      },
    } as unknown as Feed,
  })
  const commit = (version: number, by = 'other') => {
    state.version = version
    live.changed({ version, changes: SOMETHING, by })
  }
  return { live, told, log, asked, cancelled, state, clock, commit }
}

function resultOf(rows: readonly (readonly SqlValue[])[]): StatementResult {
  return { columns: ['x'], rows, changes: 0, lastInsertRowid: 0 }
}

function describeMessage(message: FromMemberWorker): string {
  if (message.type === 'live') return `${message.n} at ${message.version} ${message.origin}`
  return message.type === 'live-failed' ? `${message.n} failed ${message.error.code}` : message.type
}

/** Lets everything happen that waits for nothing but its turn. */
const calm = async () => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

describe('P1.2 live queries', () => {
  test('run once for all the commits that came while they waited for their turn', async () => {
    const { live, told, log, state, commit } = playing()
    live.start({ type: 'live', n: 1, sql: 'a' })
    live.start({ type: 'live', n: 2, sql: 'b' })
    await calm()
    expect(log).toEqual(['run a', 'run b'])
    state.rows = [[1]]
    for (const version of [6, 7, 8]) commit(version, version === 8 ? 'me' : 'other')
    await calm()
    expect(log.slice(2)).toEqual(['run a', 'run b'])
    expect(told).toEqual(['1 at 5 initial', '2 at 5 initial', '1 at 8 self', '2 at 8 self'])
    commit(8)
    await calm()
    expect(log).toHaveLength(4)
  })

  test('that the primary runs: a commit during the run forces another one, and one at a time is under way', async () => {
    const { live, told, asked, commit } = playing({ here: false })
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    commit(6)
    commit(7)
    await calm()
    expect(asked).toHaveLength(1)
    asked[0]?.answer(5)
    await calm()
    expect(asked).toHaveLength(2)
    commit(8)
    asked[1]?.answer(8, [1])
    await calm()
    expect([asked.length, told]).toEqual([2, ['1 at 5 initial', '1 at 8 tab']])
  })

  test('do not go back to an older version, and forget what was stopped', async () => {
    const { live, told, log, state, asked, cancelled } = playing()
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    Object.assign(state, { version: 4, rows: [['old']] })
    live.resync()
    await calm()
    expect([told, log]).toEqual([['1 at 5 initial'], ['run a', 'run a']])
    live.stop(1)
    live.resync()
    await calm()
    expect([live.size, log.length]).toEqual([0, 2])
    const remote = playing({ here: false })
    remote.live.start({ type: 'live', n: 7, sql: 'a' })
    await calm()
    remote.live.stop(7)
    remote.asked[0]?.answer(5)
    await calm()
    expect([remote.cancelled, remote.told, asked, cancelled]).toEqual([[1], [], [], []])
  })

  test('with no primary try again by themselves, and say so when that has failed twice', async () => {
    const { live, told, state, clock } = playing()
    state.error = new StaleReadError('nobody')
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    expect(told).toEqual([])
    clock.pass(1000)
    await calm()
    expect(told).toEqual(['1 failed STALE_READ'])
    clock.pass(1000)
    await calm()
    expect(told).toHaveLength(1)
    state.error = undefined
    clock.pass(1000)
    await calm()
    expect(told).toEqual(['1 failed STALE_READ', '1 at 5 initial'])
  })

  test('that failed are woken by any commit, tell the same error once, and each recovery', async () => {
    const { live, told, asked, commit } = playing({ here: false })
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    asked[0]?.answer(5)
    await calm()
    commit(6)
    for (const i of [1, 2]) {
      await calm()
      asked[i]?.fail(new SqlError('no such table: t'))
      await calm()
      commit(6 + i)
    }
    await calm()
    asked[3]?.answer(8)
    await calm()
    expect(told).toEqual(['1 at 5 initial', '1 failed SQL', '1 at 8 tab'])
  })
})
