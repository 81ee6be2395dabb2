import { describe, expect, test } from 'vitest'
import { SqlError, StaleReadError, StatementTimeoutError } from '../../errors/errors.ts'
import { ManualClock } from '../../platform/testing/manual-clock.ts'
import type { FromMemberWorker } from '../../protocol/page-messages.ts'
import type { ChangeSet, SqlValue, StatementResult } from '../../protocol/values.ts'
import type { Feed } from '../feed.ts'
import type { Reads } from '../reads.ts'
import type { Answer, Requests } from '../requests.ts'
import { FakeReplica } from '../testing/fake-replica.ts'
import { Tidings } from '../tidings.ts'
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
  const unanswered: number[] = []
  const tidings: Tidings = new Tidings({
    clock,
    member: 'me',
    unanswered: () => unanswered,
    tell: (change) => live.changed(change),
  })
  const live = new LiveQueries({
    clock,
    member: 'me',
    page: { post: (message: FromMemberWorker) => told.push(describeMessage(message)) },
    reads: {
      mayRead: () => (state.error === undefined ? Promise.resolve(here) : Promise.reject(state.error)),
      readNow: (call: { sql: string }) => replica.read(call),
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
    tidings,
    feed: {
      get position() {
        return { incarnation: 'i', epoch: 1, version: state.version }
      },
    } as unknown as Feed,
  })
  const commit = (version: number, by = 'other', cause?: string) => {
    state.version = version
    tidings.changed({ version, changes: SOMETHING, by, cause })
  }
  return { live, told, log, asked, cancelled, state, clock, tidings, unanswered, commit }
}

function resultOf(rows: readonly (readonly SqlValue[])[]): StatementResult {
  return { columns: ['x'], rows, changes: 0, lastInsertRowid: 0 }
}

function describeMessage(message: FromMemberWorker): string {
  if (message.type === 'live') {
    const { n, version, origin, cause } = message
    return `${n} at ${version} ${origin}${cause === undefined ? '' : ` ${cause}`}`
  }
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
    clock.pass(2000)
    await calm()
    expect(told).toHaveLength(1)
    state.error = undefined
    clock.pass(4000)
    await calm()
    expect(told).toEqual(['1 failed STALE_READ', '1 at 5 initial'])
  })

  test('with no primary do not wait for the end of their pause when one is heard of', async () => {
    const { live, told, state } = playing()
    state.error = new StaleReadError('nobody')
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    state.error = undefined
    live.primaryHeard()
    await calm()
    expect(told).toEqual(['1 at 5 initial'])
  })

  test('that took too long say so at once, and are tried again ever more seldom, whatever is committed', async () => {
    const { live, told, asked, clock, commit } = playing({ here: false })
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    const pauses: number[] = []
    for (let i = 0; i < 8; i++) {
      asked[i]?.fail(new StatementTimeoutError('too long'))
      await calm()
      const before = clock.mono()
      commit(6 + i)
      live.primaryHeard()
      for (let more = true; more; more = asked.length === i + 1) {
        clock.pass(500)
        await calm()
      }
      pauses.push(clock.mono() - before)
    }
    expect(pauses).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000, 30_000])
    asked[8]?.answer(14, [1])
    await calm()
    expect(told).toEqual(['1 failed STATEMENT_TIMEOUT', '1 at 14 initial'])
    // A result ends that: the next commit is a reason again.
    commit(15)
    await calm()
    expect(asked).toHaveLength(10)
    live.stop(1)
    asked[9]?.fail(new StatementTimeoutError('too long'))
    await calm()
    clock.pass(60_000)
    expect(asked).toHaveLength(10)
  })

  test('say the newest commit that is known, whatever else wakes them: a new epoch, a failure, a gap', async () => {
    const { live, told, state, clock, tidings, commit } = playing()
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    state.rows = [[1]]
    commit(6, 'other', 'theirs')
    commit(7, 'me', 'mine')
    live.resync()
    tidings.missed(8, 9)
    await calm()
    expect(told.slice(1)).toEqual(['1 at 7 self mine'])

    state.rows = [[2]]
    state.error = new StaleReadError('nobody')
    commit(10, 'me', 'in vain')
    await calm()
    state.error = undefined
    clock.pass(1000)
    await calm()
    expect(told.slice(2)).toEqual(['1 at 10 self in vain'])

    state.rows = [[3]]
    live.resync()
    await calm()
    expect(told.slice(3)).toEqual(['1 at 10 tab'])
  })

  test('say of a result that the primary made the newest commit that it shows', async () => {
    const { live, told, asked, commit } = playing({ here: false })
    live.start({ type: 'live', n: 1, sql: 'a' })
    await calm()
    asked[0]?.answer(5)
    await calm()
    commit(6)
    await calm()
    commit(7, 'me', 'mine')
    commit(8, 'other', 'later')
    asked[1]?.answer(7, [1])
    await calm()
    asked[2]?.answer(8, [2])
    await calm()
    expect(told).toEqual(['1 at 5 initial', '1 at 7 tab', '1 at 8 tab later'])
  })

  test.each([true, false])(
    'wait with what was missed until it is known whose it was, on a replica: %s',
    async (here) => {
      const { live, told, log, asked, state, tidings, unanswered } = playing({ here })
      live.start({ type: 'live', n: 1, sql: 'a' })
      await calm()
      asked[0]?.answer(5)
      await calm()
      Object.assign(state, { rows: [[1]], version: 6 })
      unanswered.push(3)
      live.resync()
      // The primary may have been asked before what was missed is known of; a replica shows it only then.
      if (!here) await calm()
      tidings.missed(6, 6)
      asked[1]?.answer(6, [1])
      await calm()
      expect(told).toEqual(['1 at 5 initial'])
      tidings.ended(3, { version: 6, cause: 'mine' })
      await calm()
      expect([told, log]).toEqual([['1 at 5 initial', '1 at 6 self mine'], here ? ['run a', 'run a'] : []])
    },
  )

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
