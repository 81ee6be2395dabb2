import { beforeEach, describe, expect, it } from 'vitest'
import { ParameterError, SqlError } from '../../errors/errors.ts'
import { serializeError } from '../../errors/wire.ts'
import type { LivePart, LiveUpdate } from '../../protocol/live.ts'
import type { SqlValue } from '../../protocol/values.ts'
import type { Database } from '../database.ts'
import { type FakeMember, FakePage, is } from '../testing/fake-page.ts'
import type { LiveInfo } from './live-observer.ts'
import type { LiveQuery } from './live-query.ts'

interface Tune {
  readonly id: number
  readonly title: string
}

const SQL = 'select id, title from tune'
let page: FakePage
let db: Database

beforeEach(async () => {
  page = new FakePage()
  db = await page.open({ user: 'u' })
})

const starts = (member: FakeMember = page.member) => member.received.filter(is('live'))
const stops = () => page.member.received.filter(is('live-stop'))

function tell(update: Partial<LiveUpdate>, member: FakeMember = page.member): void {
  member.send({
    type: 'live',
    n: 1,
    version: 8,
    origin: 'initial',
    columns: ['id', 'title'],
    parts: [],
    ...update,
  })
}

const rowsOf = (...rows: SqlValue[][]): LivePart[] => [{ rows }]

/** A follower that a test can wait for. */
function follow<Row>(live: LiveQuery<Row>) {
  const results: { readonly rows: readonly Row[]; readonly info: LiveInfo }[] = []
  const errors: Error[] = []
  let waiting: (() => void)[] = []
  const news = () => {
    for (const resolve of waiting.splice(0)) resolve()
  }
  const stop = live.subscribe(
    (rows, info) => {
      results.push({ rows, info })
      news()
    },
    (error) => {
      errors.push(error)
      news()
    },
  )
  const heard = async (count: number) => {
    while (results.length + errors.length < count) {
      await new Promise<void>((resolve) => {
        waiting = [...waiting, resolve]
      })
    }
  }
  return { results, errors, stop, heard }
}

describe('P1.2 a live query', () => {
  it('is started with its first follower, gives rows as frozen objects, and keeps those that did not change', async () => {
    const live = db.live<Tune>(SQL)
    expect([live.current, starts()]).toEqual([undefined, []])
    const one = follow(live)
    await page.member.message(is('live'))
    tell({ parts: rowsOf([1, 'a'], [2, 'b'], [3, 'c']) })
    await one.heard(1)
    tell({
      version: 9,
      origin: 'tab',
      cause: 'sync',
      parts: [{ from: 2, count: 1 }, { rows: [[2, 'B']] }, { from: 0, count: 1 }],
    })
    await one.heard(2)
    const [before, after] = one.results
    expect(before).toEqual({
      rows: [
        { id: 1, title: 'a' },
        { id: 2, title: 'b' },
        { id: 3, title: 'c' },
      ],
      info: { version: 8, origin: 'initial' },
    })
    expect(after).toEqual({
      rows: [
        { id: 3, title: 'c' },
        { id: 2, title: 'B' },
        { id: 1, title: 'a' },
      ],
      info: { version: 9, origin: 'tab', cause: 'sync' },
    })
    expect([after?.rows[0] === before?.rows[2], after?.rows[2] === before?.rows[0]]).toEqual([true, true])
    expect(live.current).toBe(after?.rows)
    expect([Object.isFrozen(after?.rows), Object.isFrozen(after?.rows[1])]).toEqual([true, true])
  })

  it('is one with all equal ones, of whichever handle, until the last follower stops', async () => {
    const other = await page.open({ user: 'u' })
    const one = follow(db.live<Tune>(SQL, { $b: 1, a: true }))
    const two = follow(other.live<Tune>(SQL, { a: 1, $b: 1 }))
    follow(db.live<Tune>(SQL, { a: '1', $b: 1 }))
    await page.member.message(is('live'), 2)
    tell({ parts: rowsOf([1, 'a']) })
    await Promise.all([one.heard(1), two.heard(1)])
    expect(one.results[0]?.rows).toBe(two.results[0]?.rows)
    expect(starts().map(({ n }) => n)).toEqual([1, 2])
    one.stop()
    const late = follow(db.live<Tune>(SQL, { a: 1, $b: 1 }))
    await late.heard(1)
    expect(late.results).toEqual([{ rows: [{ id: 1, title: 'a' }], info: { version: 8, origin: 'initial' } }])
    two.stop()
    late.stop()
    await page.member.message(is('live-stop'))
    expect(stops()).toEqual([{ type: 'live-stop', n: 1 }])
  })

  it('gives rows as arrays where it is asked to: columns of one name stay apart', async () => {
    const heard = follow(db.live<readonly number[]>('select 1 as n, 2 as n', [], { rowMode: 'array' }))
    follow(db.live('select 1 as n, 2 as n', []))
    await page.member.message(is('live'), 2)
    const same = { type: 'live', sql: 'select 1 as n, 2 as n', params: [] }
    expect(starts()).toEqual([
      { ...same, n: 1 },
      { ...same, n: 2 },
    ])
    tell({ columns: ['n', 'n'], parts: rowsOf([1, 2], [3, 4]) })
    tell({ columns: ['n', 'n'], version: 9, origin: 'tab', parts: [{ from: 1, count: 1 }] })
    await heard.heard(2)
    const [before, after] = heard.results.map(({ rows }) => rows)
    expect([before, after]).toEqual([
      [
        [1, 2],
        [3, 4],
      ],
      [[3, 4]],
    ])
    expect(after?.[0]).toBe(before?.[1])
    expect(Object.isFrozen(after?.[0])).toBe(true)
  })

  it('has a key that equal ones of one handle have in common', async () => {
    const other = await page.open({ user: 'u' })
    const { key } = db.live(SQL, { a: 1, $b: 1 })
    expect(db.live(SQL, { $b: true, a: 1 }).key).toBe(key)
    const others = [db.live(SQL, { a: 1, $b: 2 }), db.live(SQL, { a: 1, $b: 1 }, { rowMode: 'array' })]
    for (const { key: another } of [...others, other.live(SQL, { a: 1, $b: 1 })])
      expect(another).not.toBe(key)
  })

  it('goes on where it is left and followed anew at once', async () => {
    const live = db.live<Tune>(SQL)
    follow(live).stop()
    const again = follow(live)
    await page.member.message(is('live'))
    tell({ parts: rowsOf([1, 'a']) })
    await again.heard(1)
    expect([starts().length, stops()]).toEqual([1, []])
  })

  it('a follower that throws is reported, and does not disturb the others; without onError errors are, too', async () => {
    const bug = new Error('bug in the app')
    const live = db.live<Tune>(SQL)
    live.subscribe(() => {
      throw bug
    })
    const other = follow(live)
    await page.member.message(is('live'))
    tell({ parts: rowsOf([1, 'a']) })
    await other.heard(1)
    page.member.send({
      type: 'live-failed',
      n: 1,
      error: serializeError(new SqlError('no such table: tune')),
    })
    await other.heard(2)
    expect(other.errors[0]).toBeInstanceOf(SqlError)
    expect(page.reported).toEqual([bug, other.errors[0]])
    tell({ version: 9, origin: 'tab', parts: [{ from: 0, count: 1 }] })
    await other.heard(3)
    expect(other.results[1]?.rows[0]).toBe(other.results[0]?.rows[0])
  })

  it('is told to a member that is started anew, without a gap and without saying the same again', async () => {
    const one = follow(db.live<Tune>(SQL))
    await page.member.message(is('live'))
    tell({ parts: rowsOf([1, 'a'], [2, 'b']) })
    await one.heard(1)
    page.member.crash('lost')
    expect(page.members).toHaveLength(2)
    await page.member.message(is('live'))
    tell({ version: 8, parts: rowsOf([1, 'a'], [2, 'b']) })
    tell({ version: 9, origin: 'tab', parts: [{ rows: [[0, 'z']] }, { from: 0, count: 2 }] })
    await one.heard(2)
    expect(one.results[1]?.info).toEqual({ version: 9, origin: 'tab' })
    expect(one.results[1]?.rows[1]).toBe(one.results[0]?.rows[0])
    page.member.crash('again')
    expect(one.errors.map(({ message }) => message)).toEqual([expect.stringContaining('again')])
    page.clock.advance(10_000)
    await page.member.message(is('live'))
    tell({ version: 11, parts: rowsOf([0, 'z'], [1, 'a'], [3, 'c']) })
    await one.heard(4)
    expect(one.results[2]?.info).toEqual({ version: 11, origin: 'tab' })
    expect(one.results[2]?.rows[1]).toBe(one.results[1]?.rows[1])
  })

  it('says that an error has passed by the result that it has, the same array', async () => {
    const one = follow(db.live<Tune>(SQL))
    await page.member.message(is('live'))
    tell({ parts: rowsOf([1, 'a'], [2, 'b']) })
    await one.heard(1)
    page.member.send({
      type: 'live-failed',
      n: 1,
      error: serializeError(new SqlError('no such table: tune')),
    })
    await one.heard(2)
    tell({ version: 9, origin: 'self', parts: [{ from: 0, count: 2 }] })
    await one.heard(3)
    expect(one.results[1]?.rows).toBe(one.results[0]?.rows)
    expect(one.results[1]?.info).toEqual({ version: 9, origin: 'self' })
  })

  it('ends with its handle, typed, while equal ones of another handle go on', async () => {
    const other = await page.open({ user: 'u' })
    const [one, two] = [follow(db.live<Tune>(SQL)), follow(other.live<Tune>(SQL))]
    await page.member.message(is('live'))
    await db.close()
    expect(one.errors).toEqual([expect.objectContaining({ code: 'DATABASE_CLOSED' })])
    const after = follow(db.live<Tune>(SQL))
    await after.heard(1)
    expect(after.errors).toEqual(one.errors)
    tell({ parts: rowsOf([1, 'a']) })
    await two.heard(1)
    expect([one.results, stops()]).toEqual([[], []])
    page.member.send({ type: 'event', event: 'deleted' })
    await two.heard(2)
    expect(two.errors).toEqual([expect.objectContaining({ code: 'DATABASE_DELETED' })])
    const tooLate = follow(other.live<Tune>('select 1'))
    await tooLate.heard(1)
    expect(tooLate.errors).toEqual(two.errors)
  })

  it('refuses at once what it cannot use', () => {
    expect(() => db.live(SQL, [undefined as unknown as null])).toThrow(ParameterError)
    expect(() => db.live(SQL, [], { timeout: 0 })).toThrow("'timeout'")
    expect(() => db.live(SQL, [], { rowMode: 'list' as 'array' })).toThrow("'rowMode'")
    expect(() => db.live(SQL).subscribe('x' as unknown as () => void)).toThrow(ParameterError)
  })
})

describe('P1.2 for await', () => {
  it('gives a slow consumer the newest result and none between, and stops with its loop', async () => {
    const live = db.live<Tune>(SQL)
    const watcher = follow(live)
    const iterator = live[Symbol.asyncIterator]()
    const first = iterator.next()
    tell({ parts: rowsOf([1, 'a']) })
    expect((await first).value).toEqual([{ id: 1, title: 'a' }])
    for (const version of [9, 10, 11]) tell({ version, origin: 'tab', parts: rowsOf([version, 'n']) })
    await watcher.heard(4)
    expect((await iterator.next()).value).toEqual([{ id: 11, title: 'n' }])
    watcher.stop()
    const waiting = iterator.next()
    expect(await iterator.return?.()).toEqual({ done: true, value: undefined })
    expect(await waiting).toEqual({ done: true, value: undefined })
    expect(await iterator.next()).toEqual({ done: true, value: undefined })
    await page.member.message(is('live-stop'))
  })

  it('throws what keeps the query from running, and ends where the handle is closed', async () => {
    const failing = db.live<Tune>(SQL)[Symbol.asyncIterator]()
    const next = failing.next()
    await page.member.message(is('live'))
    page.member.send({
      type: 'live-failed',
      n: 1,
      error: serializeError(new SqlError('no such table: tune')),
    })
    await expect(next).rejects.toThrow('no such table')
    expect((await failing.next()).done).toBe(true)
    const seen: (readonly Tune[])[] = []
    let heard: () => void = () => undefined
    const first = new Promise<void>((resolve) => {
      heard = resolve
    })
    const loop = (async () => {
      for await (const rows of db.live<Tune>('select 2')) {
        seen.push(rows)
        heard()
      }
    })()
    await page.member.message(is('live'), 2)
    tell({ n: 2, parts: rowsOf([1, 'a']) })
    await first
    await db.close()
    await loop
    expect(seen).toEqual([[{ id: 1, title: 'a' }]])
  })
})
