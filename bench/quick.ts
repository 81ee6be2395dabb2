import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchChromium } from './browsers/chromium.ts'
import { type Change, changeOf } from './change.ts'
import type { Visit } from './line.ts'
import { currentLoad, describeMachine } from './machine.ts'
import { measures } from './measures/list.ts'
import { peerNamed } from './peers/list.ts'
import { figures, ratiosOf } from './quick-figures.ts'
import { resultsOf } from './results.ts'
import { createCompany } from './run-measures.ts'
import { formatTable } from './table.ts'
import { shareTold } from './told.ts'

/** A round is begun where it will end so many ms after the process began: all of it stays under three minutes. */
const DURATION = 170_000
/** With fewer in both runs nothing could be told. */
const LEAST_ROUNDS = 4
/** A baseline with which a fifth more is told more seldom is of little use. */
const ENOUGH = 0.95

const MEASURED = new Set([1, 3, 4, 6, 7, 8])
const PEERS = ['tutti', 'hop', 'flush']

/** What was found in some run: of each figure the ratio of each round. */
interface Baseline {
  readonly machine: string
  readonly figures: Readonly<Record<string, readonly number[]>>
}

const file = fileURLToPath(new URL('./baseline.json', import.meta.url))

/**
 * Tutti against its own committed baseline.
 *
 * @param keep whether what is found becomes the baseline
 * @returns `false` where something is slower, or what is kept is of little use
 */
export async function quick(keep: boolean, progress: (text: string) => void): Promise<boolean> {
  const before = keep ? undefined : await readBaseline()
  const now = await measureForAWhile(progress)
  if (before === undefined) return keepBaseline(now)
  const changes = Object.entries(now.figures).flatMap(([name, rounds]) => {
    const earlier = before.figures[name]
    return earlier === undefined ? [] : [{ name, ...changeOf(earlier, rounds) }]
  })
  console.log(`baseline of ${before.machine}\nthis run on ${now.machine}\n`)
  console.log(describeChanges(changes))
  return changes.every(({ verdict }) => verdict !== 'slower')
}

async function readBaseline(): Promise<Baseline> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Baseline
  } catch (cause) {
    throw new Error('there is no baseline: `npm run bench:quick -- --keep` makes one', { cause })
  }
}

async function keepBaseline(baseline: Baseline): Promise<boolean> {
  await writeFile(file, `${JSON.stringify(baseline, null, 2)}\n`)
  const worth = Object.entries(baseline.figures).map(([name, rounds]) => ({
    name,
    rounds: rounds.length,
    told: shareTold(rounds, 1.2),
    wrongly: shareTold(rounds, 1),
  }))
  const percent = (share: number): string => `${(100 * share).toFixed(0)} %`
  console.log(`kept as the baseline: ${file}\n${baseline.machine}\n`)
  console.log(
    formatTable([
      ['a fifth slower', 'rounds', 'would be told', 'where nothing is'],
      ...worth.map(({ name, rounds, told, wrongly }) => [
        name,
        String(rounds),
        percent(told),
        percent(wrongly),
      ]),
    ]),
  )
  const poor = worth.filter(({ told }) => told < ENOUGH)
  if (poor.length > 0) console.log(`\nrounds vary too much in ${poor.map(({ name }) => name).join(', ')}`)
  return poor.length === 0
}

async function measureForAWhile(progress: (text: string) => void): Promise<Baseline> {
  const [machine, load] = [await describeMachine(), currentLoad()]
  const browser = await launchChromium()
  const visits: Visit[] = []
  try {
    const company = await createCompany({
      browser,
      peers: PEERS.map(peerNamed),
      made: [],
      add: (visit) => void visits.push(visit),
    })
    const wanted = measures.filter(({ number }) => MEASURED.has(number))
    const started = performance.now()
    let round = 0
    for (let ends = started; ends < DURATION; ) {
      await company.round(++round, wanted)
      const now = performance.now()
      progress(`round ${round}, ${((now - started) / 1000).toFixed(0)} s`)
      ends = now + (now - started) / round
    }
    company.close()
    if (round < LEAST_ROUNDS)
      throw new Error(`only ${round} rounds in three minutes: the machine is too busy`)
    const results = resultsOf(visits)
    for (const { number } of wanted) {
      for (const { peer, text } of results.notes(number)) progress(`${peer}: ${text}`)
    }
    return {
      machine: `${browser.version}, ${machine}, load before ${load.toFixed(1)}`,
      figures: Object.fromEntries(figures.map((one) => [one.name, ratiosOf(one, round, results)])),
    }
  } finally {
    await browser.close()
  }
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
