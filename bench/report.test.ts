import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Line, Plan } from './line.ts'
import { measures } from './measures/list.ts'
import { peers } from './peers/list.ts'
import { drawPlots } from './plots.ts'
import { describeRun } from './report.ts'
import { isComplete } from './run-state.ts'
import { allVisits, madeUpRun, planOf, verificationOf, visitOf } from './testing/made-up-run.ts'

const plan = planOf()
const started: Line[] = [
  {
    kind: 'piece',
    command: 'npm run bench',
    started: '2026-01-02T03:04:05Z',
    machine: '2 × Abacus',
    load: 0.1,
  },
  { kind: 'browser', browser: 'chromium', version: 'Chromium 1.2' },
  { kind: 'browser', browser: 'firefox', version: 'Firefox 3.4' },
]
const verified = verifiedBy(plan)

function verifiedBy({ browsers, peers: names }: Plan): Line[] {
  return browsers.flatMap((browser) => names.map((peer) => verificationOf(peer, browser)))
}

describe('the page of results', () => {
  test('says what was measured where, on what, by which command, and how busy the machine was', async () => {
    const page = await describeRun(madeUpRun([...started, ...verified, ...allVisits(plan)]), [])
    for (const part of [
      '2026-01-02 03:04',
      '`npm run bench`',
      '2 × Abacus',
      '0.1',
      'Chromium 1.2',
      'Firefox 3.4',
    ]) {
      expect(page).toContain(part)
    }
    for (const { name } of peers) expect(page).toContain(`| ${name} `)
    for (const { number, title } of measures) expect(page).toContain(`### ${number}. ${title}`)
    expect(page).toContain('on disk: 1 × OPFS `flush()`')
    expect(page).toContain('| Tutti')
    expect(page).not.toContain('Not all of it')
  })

  test('has medians and p99 of all rounds', async () => {
    const visits = [
      visitOf({ peer: 'tutti', round: 1, found: [{ figure: 'first tab', unit: 'ms', values: [1, 2] }] }),
      visitOf({ peer: 'tutti', round: 2, found: [{ figure: 'first tab', unit: 'ms', values: [3] }] }),
    ]
    const page = await describeRun(madeUpRun([...started, ...verified, ...visits]), [])
    expect(page).toMatch(/\| tutti +\| +3 \| +2\.00 ms \| +2\.98 ms \|/)
  })

  test('tells which targets are reached, which are missed, and which could not be compared', async () => {
    const found = (ms: number) => [{ figure: 'first tab', unit: 'ms', values: [ms] }] as const
    const visits = [
      visitOf({ peer: 'tutti', round: 1, found: found(3) }),
      visitOf({ peer: 'sahpool', round: 1, found: found(6) }),
      visitOf({ peer: 'hop', round: 1, found: found(0.5) }),
      visitOf({ peer: 'flush', round: 1, found: found(1) }),
    ]
    const page = await describeRun(madeUpRun([...started, ...verified, ...visits]), [])
    expect(page).toMatch(/\| to the best that flushes +\| +1 \| 0\.50 \| +≤ 0\.6 \| +reached \|/)
    expect(page).toMatch(/\| to the floors of flush and hop +\| +1 \| 2\.00 \| +≤ 1\.5 \| +missed \|/)
    expect(page).toMatch(/\| second tab to first +\| +1 \| +– \| +≤ 1\.3 \| not measured \|/)
  })

  test('says so where a run was cut off, and where a browser was not to be had', async () => {
    const page = await describeRun(madeUpRun([...started, verificationOf('tutti', 'chromium')]), [])
    expect(page).toContain('Not all of it')
    expect(page).toContain('## Firefox\n\nNot measured.')
  })

  test('shows each series as a plot', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tutti-plots-'))
    const run = madeUpRun([...started, ...verified, ...allVisits(plan)])
    const plots = await drawPlots(run, folder)
    const [plot] = plots
    expect(plots).toHaveLength(1)
    const svg = readFileSync(join(folder, 'chromium-11-a-write-by-open-tabs.svg'), 'utf8')
    rmSync(folder, { recursive: true })
    expect(svg).toMatch(/^<svg /)
    for (const { name } of peers) expect(svg).toContain(`>${name}<`)
    expect(await describeRun(run, plots)).toContain(`![a write, by open tabs](${plot?.file})`)
  })
})

describe('a run', () => {
  test('is complete when all that works has been visited in every round', () => {
    const visits = allVisits(plan)
    expect(isComplete('chromium', madeUpRun([...verified, ...visits]))).toBe(true)
    const last = visits.find(({ browser, round }) => browser === 'chromium' && round === 2)
    expect(
      isComplete('chromium', madeUpRun([...verified, ...visits.filter((visit) => visit !== last)])),
    ).toBe(false)
    expect(isComplete('chromium', madeUpRun([...verified.slice(1), ...visits]))).toBe(false)
    expect(isComplete('chromium', madeUpRun([...verified, ...visits], planOf({ rounds: 3 })))).toBe(false)
  })

  test('asks nobody again who hung, nor whoever does not work', () => {
    const only = planOf({ peers: ['tutti', 'dexie'], measures: [1], browsers: ['chromium'], rounds: 3 })
    const lines = [
      verificationOf('tutti', 'chromium'),
      verificationOf('dexie', 'chromium', 'no'),
      visitOf({ peer: 'tutti', round: 1, hangs: true }),
    ]
    expect(isComplete('chromium', madeUpRun(lines, only))).toBe(true)
  })
})
