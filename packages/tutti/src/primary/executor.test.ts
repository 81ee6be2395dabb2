import { describe, expect, test } from 'vitest'
import { SqlError, TuttiError } from '../errors/errors.ts'
import { createSimulation } from '../platform/simulated.ts'
import type { Call } from '../protocol/call.ts'
import type { Request } from '../protocol/messages.ts'
import type { Answers } from './answers.ts'
import { type Engine, EngineBroken, type Execution } from './engine.ts'
import { Executor } from './executor.ts'
import type { Session } from './session.ts'

/** An executor over an engine that notes what it is asked; SQL is a script of what happens. */
function executing() {
  const world = createSimulation({ seed: 4 })
  const { clock } = world.tab('P').context('primary').platform
  const log: string[] = []
  const state = { version: 0, mayServe: true, broken: undefined as unknown, flushFails: false, rests: 0 }
  const execute = ({ sql }: { readonly sql: string }): Execution => {
    if (sql === 'io error') throw new EngineBroken(new Error('disk'))
    if (sql === 'fail') throw new SqlError('no', { outcome: 'not-applied' })
    state.version++
    log.push(`commit ${sql}`)
    const bytes = new Uint8Array(sql === 'large' ? 1024 * 1024 + 4096 : 0)
    const pages = { large: 1500, long: 1000 }[sql] ?? 1
    const delta = { numbers: new Uint32Array(pages), bytes, databaseSize: 1 }
    const changes = { all: false, tables: {} }
    return {
      results: [],
      version: state.version,
      commit: { version: state.version, delta, changes, rebuild: false },
    }
  }
  const engine = {
    get version() {
      return state.version
    },
    execute,
    recall: () => undefined,
    begin: () => log.push('begin'),
    inTransaction: ({ sql }: { sql: string }) => {
      log.push(`in ${sql}`)
      return []
    },
    commit: () => execute({ sql: 'tx' }),
    rollback: () => log.push('rollback'),
    checkpoint: () => log.push('checkpoint'),
  }
  const answers = {
    succeed: (_: Session, seq: number) => log.push(`ok ${seq}`),
    fail: (_: Session, seq: number, __: number, error: unknown) =>
      log.push(`${error instanceof TuttiError ? error.code : String(error)} ${seq}`),
  }
  const executor: Executor = new Executor({
    engine: engine as unknown as Engine,
    clock,
    answers: answers as unknown as Answers,
    mayServe: async () => {
      // As a reign does it, which is over by then.
      if (!state.mayServe) void executor.close()
      return state.mayServe
    },
    signs: { working: () => undefined, idle: () => undefined },
    publish: (commits) => log.push(...commits.map(({ commit }) => `publish ${commit.version}`)),
    flush: async () => {
      if (state.flushFails) throw new Error('flush')
      log.push('flush')
    },
    flushed: (version) => log.push(`flushed ${version}`),
    sendRests: () => void state.rests++,
    settled: () => Promise.resolve(),
    destroy: () => Promise.resolve(),
    refusal: () => undefined,
    postpones: () => false,
    wantsCheck: () => false,
    takeReason: () => undefined,
    isRevoked: () => false,
    onBroken: (cause, unflushed) => {
      state.broken = { cause: (cause as Error).message, unflushed: unflushed.map(({ seq }) => seq) }
    },
  })
  const sessions = new Map<string, Session>()
  const sessionOf = (member: string): Session => {
    const known = sessions.get(member) ?? ({ member } as Session)
    sessions.set(member, known)
    return known
  }
  let seqs = 0
  const ask = (call: Call, { member = 'm', expires = Infinity } = {}): number => {
    const seq = ++seqs
    const request: Request = {
      type: 'request',
      member,
      epoch: 1,
      seq,
      key: { owner: member, seq },
      answered: 0,
      expires,
      timeout: 1000,
      durability: 'full',
      call,
    }
    executor.enqueue({ session: sessionOf(member), request })
    return seq
  }
  const run = (sql: string, more?: { member?: string; expires?: number }) =>
    ask({ op: 'statement', sql, rows: 'none' }, more)
  return { world, clock, executor, log, state, ask, run, sessionOf }
}

describe('the log is copied into the file', () => {
  test('at once when it is long, and otherwise after a pause of a second', async () => {
    const { world, log, run } = executing()
    run('short')
    await world.runFor(900)
    expect(log).not.toContain('checkpoint')
    await world.runFor(200)
    expect(log.splice(0).at(-1)).toBe('checkpoint')
    run('long')
    await world.runFor(50)
    expect(log.at(-1)).toBe('checkpoint')
  })

  test('R24 after a large commit in the first short pause, for everybody is about to fetch it', async () => {
    const { world, executor, log, run } = executing()
    run('large')
    for (let fetches = 0; fetches < 10; fetches++) {
      await world.runFor(50)
      executor.between(() => null)
    }
    expect(log).not.toContain('checkpoint')
    await world.runFor(150)
    expect(log.at(-1)).toBe('checkpoint')
  })

  test('after one large commit it waits for no other write', async () => {
    const { world, log, run } = executing()
    run('large')
    await world.runFor(50)
    run('large')
    await world.runFor(50)
    expect(log.slice(-2)).toEqual(['flushed 2', 'checkpoint'])
    run('large')
    await world.runFor(50)
    run('short')
    await world.runFor(50)
    expect(log.slice(-2)).toEqual(['flushed 4', 'checkpoint'])
  })
})

test('R11 R24 what members fetch is sent whole before anything runs but a read', async () => {
  const { world, state, run } = executing()
  run('select 1')
  await world.runFor(50)
  expect(state.rests).toBe(0)
  run('update t set a = 1')
  await world.runFor(50)
  expect(state.rests).toBe(1)
})

const BEGIN: Call = { op: 'begin', tx: 't', timeout: 5000, idle: 1000 }

describe('R16 group commit', () => {
  test('is several commits under one flush, published together, answered each', async () => {
    const { world, log, run } = executing()
    for (const sql of ['1', 'fail', '2', '3']) run(sql, { member: sql })
    await world.runFor(50)
    expect(log.filter((what) => what.startsWith('commit'))).toEqual(['commit 1', 'commit 2', 'commit 3'])
    expect(log.filter((what) => what === 'flush')).toHaveLength(1)
    expect(log.indexOf('publish 1')).toBeGreaterThan(log.indexOf('commit 3'))
    expect(log.at(-1)).toBe('flushed 3')
    expect(log).toContain('SQL 2')
  })

  test('is told before the flush, and after it where that takes long', async () => {
    const { world, log, run } = executing()
    run('1')
    await world.runFor(50)
    expect(log.slice(-3)).toEqual(['publish 1', 'flush', 'flushed 1'])
    run('large')
    await world.runFor(50)
    expect(log.slice(-3)).toEqual(['flush', 'publish 2', 'flushed 2'])
  })
})

describe('R15 a request', () => {
  test('whose expiry has passed is not run', async () => {
    const { world, clock, log, run } = executing()
    run('late', { expires: clock.wall() - 1 })
    await world.runFor(50)
    expect(log).toEqual(['CALL_TIMEOUT 1'])
  })

  test('that was taken back before its turn is not run, and neither is one of a member that is gone', async () => {
    const { world, executor, log, ask, run, sessionOf } = executing()
    ask(BEGIN, { member: 'other' })
    await world.runFor(20)
    const seq = run('taken back')
    run('of a dead member', { member: 'dead' })
    executor.cancel(sessionOf('m'), seq)
    executor.drop(sessionOf('dead'))
    executor.drop(sessionOf('other'))
    await world.runFor(50)
    expect(log).toEqual(['begin', 'ok 1', `ABORTED ${seq}`, 'rollback'])
  })
})

describe('an interactive transaction', () => {
  test('keeps all others waiting, and lets them go on after it', async () => {
    const { world, log, ask, run } = executing()
    ask(BEGIN)
    run('outside', { member: 'other' })
    ask({ op: 'in-transaction', tx: 't', call: { op: 'statement', sql: 'inside', rows: 'none' } })
    await world.runFor(50)
    expect(log).toEqual(['begin', 'ok 1', 'in inside', 'ok 3'])
    ask({ op: 'commit', tx: 't' })
    await world.runFor(50)
    expect(log.filter((what) => what.startsWith('commit'))).toEqual(['commit tx', 'commit outside'])
  })

  test('P4 rolls back at its deadline, and says why to whoever still calls in it', async () => {
    const { world, log, ask, run } = executing()
    ask(BEGIN)
    run('outside', { member: 'other' })
    await world.runFor(1100)
    expect(log.slice(0, 4)).toEqual(['begin', 'ok 1', 'rollback', 'commit outside'])
    const seq = ask({ op: 'commit', tx: 't' })
    await world.runFor(50)
    expect(log.at(-1)).toBe(`TRANSACTION_TIMEOUT ${seq}`)
    const lost = ask({ op: 'commit', tx: 'of another primary' })
    await world.runFor(50)
    expect(log.at(-1)).toBe(`TRANSACTION_LOST ${lost}`)
  })
})

describe('R18 the end of a transaction whose member waits for it no longer', () => {
  test('is a ROLLBACK that came late, or was taken back: others wait no longer for the deadline', async () => {
    for (const end of ['late', 'taken back'] as const) {
      const { world, clock, executor, log, ask, run, sessionOf } = executing()
      ask(BEGIN)
      await world.runFor(20)
      const expires = end === 'late' ? clock.wall() - 1 : Infinity
      const seq = ask({ op: 'rollback', tx: 't' }, { expires })
      if (end === 'taken back') executor.cancel(sessionOf('m'), seq)
      run('outside', { member: 'other' })
      await world.runFor(50)
      expect(log.slice(0, 5)).toEqual(['begin', 'ok 1', 'rollback', `ok ${seq}`, 'commit outside'])
    }
  })

  test('is a COMMIT that came late, or was taken back: it is not run, and nothing stays open', async () => {
    for (const end of ['late', 'taken back'] as const) {
      const { world, clock, executor, log, ask, run, sessionOf } = executing()
      ask(BEGIN)
      await world.runFor(20)
      const expires = end === 'late' ? clock.wall() - 1 : Infinity
      const seq = ask({ op: 'commit', tx: 't' }, { expires })
      if (end === 'taken back') executor.cancel(sessionOf('m'), seq)
      run('outside', { member: 'other' })
      await world.runFor(50)
      const word = end === 'late' ? 'CALL_TIMEOUT' : 'ABORTED'
      expect(log.slice(2, 5).toSorted()).toEqual([`${word} ${seq}`, 'commit outside', 'rollback'].toSorted())
    }
  })
})

describe('R5 R17 nothing more is answered', () => {
  test('once this is no longer the primary', async () => {
    const { world, log, state, run } = executing()
    state.mayServe = false
    run('1')
    await world.runFor(50)
    expect(log).toEqual([])
  })

  test('after a failure at a commit, or of a flush: whoever waited for it is named', async () => {
    const broken = executing()
    broken.run('1')
    broken.run('io error')
    broken.run('2')
    await broken.world.runFor(50)
    expect(broken.log).toEqual(['commit 1', 'ok 1'])
    expect(broken.state.broken).toEqual({ cause: 'disk', unflushed: [1] })

    const unflushed = executing()
    unflushed.state.flushFails = true
    unflushed.run('1')
    await unflushed.world.runFor(50)
    unflushed.run('2')
    await unflushed.world.runFor(50)
    expect(unflushed.state.broken).toEqual({ cause: 'flush', unflushed: [1] })
    expect(unflushed.log).not.toContain('flushed 1')
    expect(unflushed.log).not.toContain('commit 2')
  })
})
