import type { TestBrowser } from '../e2e/harness/browser.ts'
import type { Measure, Report } from './measures/measure.ts'
import type { Results } from './results.ts'
import { firstLine, isAbsent, type Stage } from './stage.ts'
import { HangsError, within } from './within.ts'

export interface Run {
  readonly browser: TestBrowser
  readonly stages: readonly Stage[]
  readonly results: Results
  readonly rounds: number
  /** Hears of each visit. */
  progress(text: string): void
}

/** Visits all peers in turns (A B C, A B C …), so that whatever else the machine does falls on all of them. */
export async function runMeasure(measure: Measure, run: Run): Promise<void> {
  const left = new Set(run.stages.filter(({ peer }) => measure.several === true && peer.tabs === 'one'))
  const rounds = measure.once === true ? 1 : run.rounds
  for (let round = 1; round <= rounds; round++) {
    for (const stage of run.stages) {
      if (left.has(stage)) continue
      const from = performance.now()
      const ended = await visit(measure, stage, run)
      if (!ended) left.add(stage)
      const seconds = ((performance.now() - from) / 1000).toFixed(1)
      run.progress(`${measure.number}: round ${round} of ${rounds}, ${stage.peer.name}, ${seconds} s`)
    }
  }
}

/** @returns `false` where another visit would be in vain */
async function visit(measure: Measure, stage: Stage, { browser, results }: Run): Promise<boolean> {
  const { peer } = stage
  const report: Report = {
    samples: (figure, values, unit = 'ms') =>
      results.add(measure, { peer, figure, x: undefined, unit }, values),
    point: (figure, x, values, unit = 'ms') => results.add(measure, { peer, figure, x, unit }, values),
    note: (text) => results.note(measure, peer, text),
  }
  let again = true
  try {
    await within(measure.bound, measure.visit(stage, report))
  } catch (error) {
    if (!(error instanceof Error)) throw error
    if (error instanceof HangsError) again = false
    if (!isAbsent(error)) report.note(error instanceof HangsError ? error.message : firstLine(error))
  }
  try {
    if (!again) throw new Error('tabs of a peer that hangs are not asked to close')
    await stage.clear()
  } catch {
    // Whatever still holds a lock or a file ends with the browser.
    await browser.restart()
    stage.forget()
  }
  return again
}
