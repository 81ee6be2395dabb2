import type { BenchBrowser } from './browsers/bench-browser.ts'
import { isDue } from './due.ts'
import type { Found, Visit } from './line.ts'
import { currentLoad } from './machine.ts'
import type { Measure, Report } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'
import { type Site, serveSite } from './site.ts'
import { createStage, firstLine, isAbsent, type Stage } from './stage.ts'
import { HangsError, within } from './within.ts'

/** What is to be measured in one browser. */
export interface Tour {
  readonly browser: BenchBrowser
  readonly peers: readonly Peer[]
  /** Those made already, by an earlier piece of the run. */
  readonly made: readonly Visit[]
  /** Hears of each visit as soon as it is made. */
  add(visit: Visit): void
}

/** Peers, each on its stage, visited in turns. */
export interface Company {
  /**
   * Makes a round's visits that are missing (A B C), measure by measure, until it is time to stop.
   *
   * @param stops asked before each turn through the peers, and where one visit tells all before each visit
   */
  round(round: number, measures: readonly Measure[], stops?: () => boolean): Promise<void>
  close(): void
}

/** A database of tunes is made within so many ms, which no measure's bound has to have room for. */
const PREPARE = 180_000
const RESTART = 120_000
const PROBE = 20_000

export async function createCompany({ browser, peers, made, add }: Tour): Promise<Company> {
  const visits = [...made]
  let notes: string[] = []
  const sites: Site[] = []
  const stages: Stage[] = []
  for (const peer of peers) {
    const site = await serveSite(peer)
    sites.push(site)
    stages.push(createStage(browser, peer, site, (text) => void notes.push(text)))
  }

  /** @returns the stage for the next visit */
  async function visit(measure: Measure, round: number, stage: Stage): Promise<Stage> {
    const started = performance.now()
    const found: Found[] = []
    notes = []
    const keep = (values: readonly number[]): number[] => values.filter(Number.isFinite)
    const report: Report = {
      samples: (figure, values, unit = 'ms') => void found.push({ figure, unit, values: keep(values) }),
      point: (figure, x, values, unit = 'ms') => void found.push({ figure, x, unit, values: keep(values) }),
      note: (text) => void notes.push(text),
    }
    let [hangs, failed] = [false, false]
    try {
      const name = measure.tunes === undefined ? '' : await within(PREPARE, prepare(stage, measure.tunes))
      await within(measure.bound, measure.visit(stage, report, name))
    } catch (error) {
      if (!(error instanceof Error)) throw error
      hangs = error instanceof HangsError
      failed = !isAbsent(error)
      if (failed) report.note(hangs ? error.message : firstLine(error))
    }
    const one: Visit = {
      kind: 'visit',
      browser: browser.name,
      measure: measure.number,
      round,
      peer: stage.peer.name,
      // What goes on behind its back, after it has hung, is no part of it.
      found: [...found],
      notes: [...notes],
      hangs,
      seconds: (performance.now() - started) / 1000,
      load: currentLoad(),
    }
    visits.push(one)
    add(one)
    try {
      // Tabs of a peer that hangs are not asked to close.
      if (hangs) throw new Error('it hangs')
      await stage.clear()
      if (failed) await within(PROBE, expectAlive(browser))
      return stage
    } catch {
      return replace(stage)
    }
  }

  /** Whatever still holds a lock or a file ends with the browser. */
  async function replace(stage: Stage): Promise<Stage> {
    const next = stage.leave()
    await within(RESTART, browser.restart())
    return next
  }

  return {
    async round(round, measures, stops = () => false) {
      for (const measure of measures) {
        let begun = false
        for (const [index, stage] of stages.entries()) {
          if (!isDue(visits, measure, round, stage.peer)) continue
          if ((!begun || measure.once === true) && stops()) return
          begun = true
          stages[index] = await visit(measure, round, stage)
        }
      }
    },
    close() {
      for (const site of sites) site.close()
    },
  }
}

function prepare(stage: Stage, tunes: 'kept' | 'new'): Promise<string> {
  return tunes === 'new' ? stage.newTunes() : stage.kept('tunes', stage.newTunes)
}

/** A visit may have failed because the browser itself has ended, and then all others would. */
async function expectAlive(browser: BenchBrowser): Promise<void> {
  const tab = await browser.newTab('about:blank')
  await tab.close()
}
