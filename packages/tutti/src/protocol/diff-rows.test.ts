import { describe, expect, it } from 'vitest'
import { createPrng } from '../platform/simulated/prng.ts'
import { contentOf, diffRows } from './diff-rows.ts'

/** The new rows again, from the old ones and the difference. */
function apply(before: readonly string[], after: readonly string[]): readonly string[] {
  const stretches = diffRows(before, after)
  if (stretches === null) return before
  let at = 0
  return stretches.flatMap(({ from, count }) => {
    at += count
    return from === null ? after.slice(at - count, at) : before.slice(from, from + count)
  })
}

const list = (text: string) => text.split('')

describe('P1.2 the difference of two results', () => {
  it('is none where nothing differs', () => {
    expect(diffRows(list('abc'), list('abc'))).toBeNull()
    expect(diffRows([], [])).toBeNull()
  })

  it('is as long as what changed, not as the result', () => {
    const before = Array.from({ length: 1000 }, (_, i) => `row ${i}`)
    const after = before.with(500, 'another')
    expect(diffRows(before, after)).toEqual([
      { from: 0, count: 500 },
      { from: null, count: 1 },
      { from: 501, count: 499 },
    ])
    expect(diffRows(before, before.slice(1))).toEqual([{ from: 1, count: 999 }])
    expect(diffRows(before, ['first', ...before])).toEqual([
      { from: null, count: 1 },
      { from: 0, count: 1000 },
    ])
  })

  it('counts equal rows, and takes none twice', () => {
    expect(diffRows(list('aab'), list('aaab'))).toEqual([
      { from: 0, count: 2 },
      { from: null, count: 1 },
      { from: 2, count: 1 },
    ])
    expect(diffRows(list('ab'), [])).toEqual([])
  })

  it('leads from any result to any other', () => {
    const prng = createPrng(7)
    const draw = () => Array.from({ length: prng.below(12) }, () => prng.pick(['a', 'b', 'c', 'd']))
    for (let i = 0; i < 2000; i++) {
      const [before, after] = [draw(), draw()]
      expect(apply(before, after)).toEqual(after)
    }
  })
})

describe('the content of a row', () => {
  it('is another one for every other row', () => {
    const rows = [
      [null],
      [],
      [0],
      ['0'],
      [1],
      [1n << 60n],
      ['1'],
      [new Uint8Array([49])],
      [new Uint8Array()],
      [''],
    ]
    const more = [['a', 'b'], ['ab'], ['as1:b'], [1, 2], [12], [Infinity], [-Infinity], ['Infinity'], [1.5]]
    const contents = [...rows, ...more].map(contentOf)
    expect(new Set(contents).size).toBe(contents.length)
    expect(contentOf([new Uint8Array(10_000).fill(7)])).toBe(contentOf([new Uint8Array(10_000).fill(7)]))
  })
})
