import type { TestBrowser } from '../e2e/harness/browser.ts'
import type { Measure, Report } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'
import type { Results } from './results.ts'
import { firstLine, isAbsent, type Stage } from './stage.ts'
import { HangsError, within } from './within.ts'

export interface Run {
  readonly browser: TestBrowser
  /** One for each peer; replaced where a visit hangs. */
  readonly stages: Stage[]
  readonly results: Results
  readonly rounds: number
  /** Hears of each visit. */
  progress(text: string): void
}

/** A database of tunes is made within so many ms, which no measure's bound has to have room for. */
const PREPARE = 180_000

/** Visits all peers in turns (A B C, A B C …), so that whatever else the machine does falls on all of them. */
export async function runMeasure(measure: Measure, run: Run): Promise<void> {
  const hanging = new Set<Peer>()
  const rounds = measure.once === true ? 1 : run.rounds
  for (let round = 1; round <= rounds; round++) {
    for (const [index, stage] of run.stages.entries()) {
      const { peer } = stage
      if (hanging.has(peer) || (measure.several === true && peer.tabs === 'one')) continue
      const from = performance.now()
      const next = await visit(measure, stage, run)
      if (next.hangs) hanging.add(peer)
      run.stages[index] = next.stage
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      run.progress(`${measure.number}: round ${round} of ${rounds}, ${peer.name}, ${seconds} s`)
    }
  }
}

/** @returns the stage for the next visit, and whether there should be none in this measure */
async function visit(
  measure: Measure,
  stage: Stage,
  { browser, results }: Run,
): Promise<{ readonly stage: Stage; readonly hangs: boolean }> {
  const { peer } = stage
  const report: Report = {
    samples: (figure, values, unit = 'ms') =>
      results.add(measure, { peer, figure, x: undefined, unit }, values),
    point: (figure, x, values, unit = 'ms') => results.add(measure, { peer, figure, x, unit }, values),
    note: (text) => results.note(measure, peer, text),
  }
  let hangs = false
  try {
    const name = measure.tunes === undefined ? '' : await within(PREPARE, prepare(stage, measure.tunes))
    await within(measure.bound, measure.visit(stage, report, name))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    hangs = error instanceof HangsError
    if (!isAbsent(error)) report.note(hangs ? error.message : firstLine(error))
  }
  try {
    if (hangs) throw new Error('tabs of a peer that hangs are not asked to close')
    await stage.clear()
    return { stage, hangs }
  } catch {
    // Whatever still holds a lock or a file ends with the browser.
    const next = stage.leave()
    await browser.restart()
    return { stage: next, hangs }
  }
}

function prepare(stage: Stage, tunes: 'kept' | 'new'): Promise<string> {
  return tunes === 'kept' ? stage.keptTunes() : stage.newTunes()
}
