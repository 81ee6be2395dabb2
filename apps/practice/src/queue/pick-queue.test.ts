import { describe, expect, it } from 'vitest'
import { type Candidate, pickQueue } from './pick-queue.ts'

const day = { startUtc: '2026-05-10T00:00:00.000Z', endUtc: '2026-05-11T00:00:00.000Z' }
const since = '2026-05-03T00:00:00.000Z'

function tune(tuneRef: string, due: string | null, addedAt = '2026-01-01T00:00:00.000Z'): Candidate {
  return { tuneRef, title: `Title ${tuneRef}`, addedAt, due }
}

const backlog = [
  tune('long-2', '2026-04-01T00:00:00.000Z'),
  tune('long-1', '2026-03-01T00:00:00.000Z'),
  tune('long-3', '2026-05-02T23:59:59.999Z'),
  tune('new-2', null, '2026-02-02T00:00:00.000Z'),
  tune('new-1', null, '2026-02-01T00:00:00.000Z'),
  tune('lapsed-2', '2026-05-03T00:00:00.000Z'),
  tune('lapsed-1', '2026-05-09T23:59:59.999Z'),
  tune('due-2', '2026-05-10T23:59:59.999Z'),
  tune('due-1', '2026-05-10T00:00:00.000Z'),
  tune('later', '2026-05-11T00:00:00.000Z'),
]
const expected = ['due-1', 'due-2', 'lapsed-1', 'lapsed-2', 'new-1', 'new-2', 'long-1', 'long-2', 'long-3']

const refs = (candidates: readonly Candidate[], limit: number): string[] =>
  pickQueue(candidates, day, since, limit).map((pick) => pick.tuneRef)

describe('pickQueue', () => {
  it('fills the buckets in order: due oldest first, lapsed newest first, new, long lapsed oldest first', () => {
    expect(refs(backlog, 10)).toEqual(expected)
    expect(pickQueue(backlog, day, since, 10).map((pick) => pick.bucket)).toEqual([1, 1, 2, 2, 3, 3, 4, 4, 4])
  })

  it('does not depend on the order of its candidates, nor on a repeated one', () => {
    expect(refs(backlog.toReversed(), 10)).toEqual(expected)
    expect(refs([...backlog, ...backlog], 20)).toEqual(expected)
  })

  it('stops at its limit', () => {
    expect(refs(backlog, 3)).toEqual(expected.slice(0, 3))
    expect(refs(backlog, -1)).toEqual([])
  })

  it('breaks ties by title and id', () => {
    const same = '2026-05-10T08:00:00.000Z'
    expect(refs([tune('b', same), tune('a', same), tune('B', same)], 10)).toEqual(['B', 'a', 'b'])
  })
})
