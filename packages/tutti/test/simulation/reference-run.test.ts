import { describe, expect, test } from 'vitest'
import { checkHistory } from '../history/check-history.ts'
import type { ViolationKind } from '../history/violation.ts'
import { referenceRun } from './reference-run.ts'
import { forEachSeed, seeds } from './seeds.ts'

describe('the history checker, under the simulation and its faults', () => {
  test('accepts every run of a database that keeps the promises', async () => {
    let [answered, open] = [0, 0]
    await forEachSeed(seeds(40), async (seed) => {
      const { history, committed } = await referenceRun(seed)
      const verdict = checkHistory(history.records, committed)
      expect(verdict.violations).toEqual([])
      answered += history.records.filter(({ kind }) => kind === 'ok').length
      open += verdict.open.length
    })
    // The runs have to be worth checking: work was done, and tabs died in the middle of theirs.
    expect(answered).toBeGreaterThan(500)
    expect(open).toBeGreaterThan(0)
  })

  test('objects to one that forgets requests and serves old reads', async () => {
    const found = new Set<ViolationKind>()
    for (let seed = 1; seed <= 40; seed++) {
      const { history, committed } = await referenceRun(seed, true)
      for (const { kind } of checkHistory(history.records, committed).violations) found.add(kind)
    }
    expect([...found]).toEqual(expect.arrayContaining(['stale-read', 'double-apply']))
  })

  test('a run under chaos is the same for the same seed', async () => {
    const [first, second] = [await referenceRun(11), await referenceRun(11)]
    expect(second.world.trace.hash).toBe(first.world.trace.hash)
    expect(second.history.toJsonLines()).toBe(first.history.toJsonLines())
  })
})
