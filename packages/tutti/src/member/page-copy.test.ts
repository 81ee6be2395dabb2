import { beforeEach, describe, expect, test } from 'vitest'
import type { FromMemberWorker } from '../protocol/page-messages.ts'
import type { Position } from '../protocol/values.ts'
import { PageCopy } from './page-copy.ts'
import { deltaOf } from './testing/fake-replica.ts'

const BUDGET = 20 * 4096

let said: string[]
let moved: number
let copy: PageCopy

const at = (version: number): Position => ({ incarnation: 'i', epoch: 1, version })
const answer = (n: number, version: number): FromMemberWorker => ({ type: 'answer', n, results: [], version })

function describeMessage(message: FromMemberWorker): string {
  if (message.type === 'answer') return `answer ${message.n}`
  if (message.type !== 'replica') return message.type
  const { update } = message
  if (update.op === 'apply') return `apply ${update.deltas.length} to ${update.position.version}`
  return update.op === 'finish' ? `finish ${update.position.version}` : update.op
}

beforeEach(() => {
  said = []
  moved = 0
  const post = (message: FromMemberWorker, transfer: readonly Transferable[] = []) => {
    said.push(describeMessage(message))
    moved += transfer.length
  }
  copy = new PageCopy({ post }, BUDGET)
})

function follow(version: number): void {
  copy.begin(9)
  copy.put(deltaOf(1))
  copy.finish(at(version))
  copy.stable(version)
  said = []
}

describe('P1.6 the page’s own copy', () => {
  test('has its first pages at once, and is complete when their version is stable', () => {
    copy.post({ type: 'start-primary', n: 1 })
    expect(said.splice(0)).toEqual(['start-primary'])
    copy.begin(9)
    copy.put(deltaOf(1))
    copy.finish(at(5))
    copy.stable(4)
    expect([said, copy.settled]).toEqual([['begin', 'put'], false])
    copy.stable(5)
    expect([said, copy.settled]).toEqual([['begin', 'put', 'finish 5'], true])
    expect(moved).toBe(1)
  })

  test('is told of a version’s pages before anything that tells of the version', () => {
    follow(5)
    copy.post(answer(1, 5))
    copy.post(answer(2, 6))
    const change = { version: 6, tables: [], all: true, rowids: {}, columns: {}, origin: 'self' } as const
    copy.post({ type: 'change', change })
    copy.post({ type: 'event', event: 'status' })
    expect(said).toEqual(['answer 1', 'event'])
    copy.apply(deltaOf(2), at(6))
    copy.stable(6)
    expect(said.slice(2)).toEqual(['apply 1 to 6', 'answer 2', 'change'])
  })

  test('has all of a commit at once, whose delta came in parts, and nothing of one that is not stable', () => {
    follow(5)
    for (const [page, version] of [
      [2, 6],
      [3, 6],
      [4, 7],
      [5, 8],
    ] as const) {
      copy.apply(deltaOf(page), at(version))
    }
    copy.stable(7)
    expect(said).toEqual(['apply 3 to 7'])
  })

  test('R1 forgets what was never stable when it begins anew', () => {
    follow(5)
    copy.apply(deltaOf(2), at(6))
    copy.begin(9)
    copy.post(answer(1, 7))
    copy.finish(at(7))
    copy.stable(7)
    expect(said).toEqual(['begin', 'finish 7', 'answer 1'])
  })

  test('R24 is given up past the budget, and holds nothing up then', () => {
    follow(5)
    copy.post(answer(1, 6))
    copy.apply({ ...deltaOf(2), databaseSize: 21 }, at(6))
    expect(said).toEqual(['drop', 'answer 1'])
    copy.begin(21)
    copy.put(deltaOf(1))
    copy.finish(at(7))
    copy.post(answer(2, 7))
    copy.stable(7)
    expect(said.slice(2)).toEqual(['answer 2'])
    copy.begin(20)
    copy.finish(at(8))
    copy.stable(8)
    expect(said.slice(3)).toEqual(['begin', 'finish 8'])
  })

  test('P4 P8 holds nothing back from a page whose database or member has gone', () => {
    for (const last of [
      { type: 'event', event: 'deleted' },
      { type: 'left' },
      { type: 'failed', error: { code: 'INTERNAL', name: 'InternalError', message: '' } },
    ] as const) {
      follow(5)
      copy.post(answer(1, 6))
      copy.post(last)
      copy.post(answer(2, 7))
      expect(said).toEqual(['answer 1', last.type, 'answer 2'])
    }
  })
})
