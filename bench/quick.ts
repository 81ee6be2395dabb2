import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import { type Change, changeOf, type Spread, spreadOf } from './change.ts'
import { describeMachine } from './machine.ts'
import { measures } from './measures/list.ts'
import { type Peer, peerNamed } from './peers/list.ts'
import { median } from './quantile.ts'
import { createResults, type Results } from './results.ts'
import { runMeasure } from './run-measures.ts'
import { type Site, serveSite } from './site.ts'
import { createStage, type Stage } from './stage.ts'
import { formatTable } from './table.ts'

/** A round is begun where it will end within so many ms: with what starts a run that stays under three minutes. */
const DURATION = 160_000
const LEAST_ROUNDS = 3

const MEASURED = new Set([1, 3, 4, 6, 7, 8])
const PEERS = ['tutti', 'hop', 'flush']

/** A figure of Tutti as a ratio to the floors of the same round: what the machine is like falls out of it. */
interface QuickFigure {
  readonly name: string
  /** Per round. */
  ratios(results: Results): number[]
}

/** What was found in some run. */
interface Baseline {
  readonly machine: string
  readonly figures: Readonly<Record<string, Spread>>
}

const FIRST = 'first tab'
const SECOND = 'second tab'

const figures: readonly QuickFigure[] = [
  figure('write, first tab', 1, FIRST, ['flush', 'hop'], 1),
  figure('write, second tab', 1, SECOND, ['flush', 'hop'], 1),
  figure('point read, first tab', 3, FIRST, ['hop'], 3),
  figure('point read, second tab', 3, SECOND, ['hop'], 3),
  figure('1,000 rows, first tab', 4, FIRST, ['hop'], 4),
  figure('1,000 rows, second tab', 4, SECOND, ['hop'], 4),
  figure('write to callback', 6, 'from the call', ['flush', 'hop'], 1),
  figure('open, first tab', 7, FIRST, ['hop'], 7),
  figure('open, second tab', 7, SECOND, ['hop'], 7),
  figure('20,000 rows at once', 8, 'a row', ['hop'], 4),
]

/** @param floor the measure in which the floors' first tabs are what it is compared with */
function figure(name: string, measure: number, of: string, floors: string[], floor: number): QuickFigure {
  return {
    name,
    ratios(results) {
      const rounds = results.visits(measure, of, 'tutti')
      const costs = floors.map((peer) => results.visits(floor, FIRST, peer))
      return rounds.map((samples, round) => {
        const cost = costs.reduce((sum, visits) => sum + median(visits[round] ?? []), 0)
        return median(samples) / cost
      })
    },
  }
}

const file = fileURLToPath(new URL('./baseline.json', import.meta.url))

/**
 * Tutti against its own committed baseline.
 *
 * @param keep whether what is found becomes the baseline
 * @returns `false` where something is slower
 */
export async function quick(
  browser: TestBrowser,
  keep: boolean,
  progress: (text: string) => void,
): Promise<boolean> {
  const results = await measureForAWhile(browser, progress)
  const found = Object.fromEntries(figures.map(({ name, ratios }) => [name, spreadOf(ratios(results))]))
  if (keep) {
    const baseline: Baseline = { machine: describeMachine(browser), figures: found }
    await writeFile(file, `${JSON.stringify(baseline, null, 2)}\n`)
    console.log(`kept as the baseline: ${file}`)
    return true
  }
  const baseline = JSON.parse(await readFile(file, 'utf8')) as Baseline
  const changes = figures.flatMap(({ name }) => {
    const [before, now] = [baseline.figures[name], found[name]]
    return before === undefined || now === undefined ? [] : [{ name, ...changeOf(before, now) }]
  })
  console.log(`baseline of ${baseline.machine}\nthis run on ${describeMachine(browser)}\n`)
  console.log(describeChanges(changes))
  return changes.every(({ verdict }) => verdict !== 'slower')
}

async function measureForAWhile(browser: TestBrowser, progress: (text: string) => void): Promise<Results> {
  const results = createResults()
  const sites: Site[] = []
  const stages: Stage[] = []
  for (const peer of PEERS.map((name): Peer => peerNamed(name))) {
    const site = await serveSite(peer)
    sites.push(site)
    stages.push(createStage(browser, peer, site, progress))
  }
  const started = performance.now()
  const elapsed = (): number => performance.now() - started
  for (let round = 1; round <= LEAST_ROUNDS || (elapsed() * round) / (round - 1) < DURATION; round++) {
    for (const measure of measures.filter(({ number }) => MEASURED.has(number))) {
      await runMeasure(measure, { browser, stages, results, rounds: 1, progress: () => {} })
    }
    progress(`round ${round}, ${(elapsed() / 1000).toFixed(0)} s`)
  }
  for (const site of sites) site.close()
  for (const measure of measures) {
    for (const { peer, text } of results.notes(measure)) progress(`${peer.name}: ${text}`)
  }
  return results
}

function describeChanges(changes: readonly (Change & { readonly name: string })[]): string {
  const percent = (ratio: number): string => `${ratio >= 1 ? '+' : ''}${((ratio - 1) * 100).toFixed(0)} %`
  return formatTable([
    ['ratio to the floors', 'baseline', 'now', 'change', 'between', ''],
    ...changes.map(({ name, before, now, change, low, high, verdict }) => [
      name,
      before.toFixed(2),
      now.toFixed(2),
      percent(change),
      `${percent(low)} … ${percent(high)}`,
      verdict,
    ]),
  ])
}
