import { describe, expect, test } from 'vitest'
import type { Engine } from '../../src/primary/engine.ts'
import { ORDINARY_CALLS, RARE_CALLS } from '../history/planned-calls.ts'
import { FAULT_KINDS } from './chaos.ts'
import { sameAs } from './cluster-run.ts'
import type { ClusterWorld } from './cluster-world.ts'
import { drawScript } from './draw-script.ts'
import { type Finding, runScript } from './run-script.ts'
import { type Script, tell } from './script.ts'
import { shrink, weight } from './shrink.ts'
import { overriding } from './slow-engine.ts'

const LIMIT = 300_000
const CALL_KINDS = new Set([...ORDINARY_CALLS, ...RARE_CALLS]).size

/** A library with a fault in its engine. */
const broken =
  (methods: (engine: Engine) => Partial<Engine>) =>
  ({ shared }: ClusterWorld): void => {
    shared.wrapEngine = (engine) => overriding(engine, methods(engine))
  }

/** What was committed is not recognized when it is asked for again: the ledger might as well not be there. */
const forgetful = broken(() => ({ recall: () => undefined }))

async function firstFinding(
  plant: (world: ClusterWorld) => void,
  suited: (script: Script) => boolean = () => true,
): Promise<{ script: Script; finding: Finding }> {
  for (let seed = 1; seed < 2000; seed++) {
    const script = drawScript(seed)
    const finding = suited(script) ? await runScript(script, { plant }) : undefined
    if (finding !== undefined) return { script, finding }
  }
  throw new Error('no seed shows it')
}

describe('a script', () => {
  test('played twice has the same trace and the same history', { timeout: LIMIT }, async () => {
    for (const seed of [1, 2, 3, 4]) {
      const seen = new Set<string>()
      for (let i = 0; i < 2; i++) {
        await runScript(JSON.parse(JSON.stringify(drawScript(seed))) as Script, {
          inspect: ({ world, history }) => seen.add(world.simulation.trace.hash + history.toJsonLines()),
        })
      }
      expect(seen.size).toBe(1)
    }
  })

  test('draws every kind of fault and call, and leaves some out in each run', () => {
    const scripts = Array.from({ length: 200 }, (_, i) => drawScript(i))
    const kinds = (script: Script) => new Set(script.faults.map(({ kind }) => kind)).size
    const calls = (script: Script) =>
      new Set(script.tabs.flatMap(({ lives }) => lives.flat().map((c) => c.kind)))
    expect(Math.max(...scripts.map(kinds))).toBeLessThan(FAULT_KINDS.length)
    expect(new Set(scripts.flatMap(({ faults }) => faults.map(({ kind }) => kind))).size).toBe(
      FAULT_KINDS.length,
    )
    expect(new Set(scripts.flatMap((script) => [...calls(script)])).size).toBe(CALL_KINDS)
    expect(Math.max(...scripts.map((script) => calls(script).size))).toBeLessThan(CALL_KINDS)
  })
})

describe('a run is found wrong', () => {
  test('where a primary forgets what it committed (P3)', { timeout: LIMIT }, async () => {
    const { finding } = await firstFinding(forgetful)
    expect(finding.kinds).not.toEqual([])
  })

  test('where a power cut takes what was acknowledged (P2)', { timeout: LIMIT }, async () => {
    const unflushed = ({ simulation: { disk } }: ClusterWorld): void => {
      const open = disk.open.bind(disk)
      disk.open = (context, path) => ({ ...open(context, path), flush: () => undefined })
    }
    const found = new Set<string>()
    for (let seed = 1; !found.has('lost-by-power-cut'); seed++) {
      const script = { ...drawScript(seed), ending: 'power cut', diskFaults: [], storage: 'opfs' } as const
      for (const kind of (await runScript(script, { plant: unflushed }))?.kinds ?? []) found.add(kind)
      expect(seed).toBeLessThan(100)
    }
  })
})

describe('a backup is found wrong', () => {
  const kept = (change: (world: ClusterWorld, path: string) => void) => (world: ClusterWorld) => {
    const { disk } = world.simulation
    const move = disk.move.bind(disk)
    disk.move = (from, to) => {
      move(from, to)
      if (/\.backup-.*\.sqlite3$/.test(to)) change(world, to)
    }
  }
  const keepsBackups = ({ backup, storage }: Script) => backup === true && storage === 'opfs'

  test('where it is not sound (R29.2)', { timeout: LIMIT }, async () => {
    const damaged = kept(({ simulation: { disk } }, path) => disk.damage(path, 100))
    const { finding } = await firstFinding(damaged, keepsBackups)
    expect(finding.kinds).toContain('bad backup')
  })
})

describe('a failing script is made smaller', () => {
  test('where the library is broken: it stays one that fails, and is fine with the library as it is', async () => {
    // In memory a script that was made small enough loses its database, and rightly so.
    const { script, finding } = await firstFinding(
      forgetful,
      ({ length, storage }) => length < 1000 && storage !== 'memory',
    )
    const fails = sameAs(finding, (each) => runScript(each, { plant: forgetful }))
    const smallest = await shrink(script, fails, 60)
    expect(weight(smallest)).toBeLessThan(weight(script))
    expect(await fails(smallest)).toBe(true)
    expect(await runScript(smallest)).toBe(undefined)
  })

  test('until nothing is left but what makes it fail', async () => {
    const needed = ({ tabs, faults }: Script) =>
      faults.some(({ kind }) => kind === 'cache') &&
      tabs.filter(({ lives }) => lives[0]?.some(({ kind }) => kind === 'append')).length > 1
    let seed = 1
    while (weight(drawScript(seed)) < 50 || !needed(drawScript(seed))) seed++
    const smallest = await shrink(drawScript(seed), (each) => Promise.resolve(needed(each)), 1000)
    expect(weight(smallest)).toBe(2 + 1 + 2)
    expect(tell(smallest).split('\n')).toEqual([
      expect.stringContaining('"seed":'),
      expect.stringMatching(/^tab [A-E] .*: append;? \| {2}\| $/),
      expect.stringMatching(/^tab [A-E] .*: append;? \| {2}\| $/),
      expect.stringMatching(/^at \d+: cache [A-E], \d+ ms$/),
    ])
  })

  test('by trying no more often than it may, and not at all where all of it is needed', async () => {
    const script = drawScript(3)
    let tried = 0
    const never = () => Promise.resolve(tried++ < 0)
    expect(await shrink(script, never, 5)).toBe(script)
    expect(tried).toBe(5)
  })
})
