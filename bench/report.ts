import { describeMeasure, describePeers, describeTargets } from './describe.ts'
import { flushesEachWrite } from './durability.ts'
import type { BrowserName } from './line.ts'
import { versionOf } from './machine.ts'
import { measureNumbered } from './measures/list.ts'
import { peerNamed } from './peers/list.ts'
import type { Plot } from './plots.ts'
import { resultsOf } from './results.ts'
import type { RunFile } from './run-file.ts'
import { isComplete, measuresIn, verifiedIn, visitsIn } from './run-state.ts'
import { formatTable } from './table.ts'
import { compareTargets } from './targets.ts'

/** All that a run found, as a page of Markdown. */
export async function describeRun(run: RunFile, plots: readonly Plot[]): Promise<string> {
  const versions = new Map<string, string>()
  for (const name of run.plan.peers) {
    const { package: from } = peerNamed(name)
    if (from !== undefined) versions.set(name, `${from} ${await versionOf(from)}`)
  }
  const sections = ['# Side by side', describePieces(run)]
  for (const browser of run.plan.browsers) sections.push(...describeBrowser(browser, run, versions, plots))
  sections.push(`## How long it took\n\n${describeTimes(run)}`)
  return sections.join('\n\n')
}

function describePieces(run: RunFile): string {
  const visits = run.plan.browsers.flatMap((browser) => visitsIn(browser, run))
  const loads = visits.map(({ load }) => load)
  const pieces = run.lines
    .filter((line) => line.kind === 'piece')
    .map((piece) => [
      piece.started.slice(0, 16).replace('T', ' '),
      `\`${piece.command}\``,
      piece.machine,
      piece.load.toFixed(1),
    ])
  return [
    'What is measured, and how: [README.md](README.md). Written by the command itself; times are of the one machine, ratios say more.',
    formatTable([['begun (UTC)', 'command', 'machine', 'load before'], ...pieces]),
    ...(loads.length > 0
      ? [
          `While it ran the machine's load, the run's own included, was ${Math.min(...loads).toFixed(1)} to ${Math.max(...loads).toFixed(1)}. Build ${run.plan.build}.`,
        ]
      : []),
    ...(run.plan.browsers.every((browser) => isComplete(browser, run))
      ? []
      : ['**Not all of it:** `npm run bench -- --continue` goes on with it.']),
  ].join('\n\n')
}

const TITLES: Readonly<Record<BrowserName, string>> = { chromium: 'Chromium', firefox: 'Firefox' }

function describeBrowser(
  browser: BrowserName,
  run: RunFile,
  versions: ReadonlyMap<string, string>,
  plots: readonly Plot[],
): string[] {
  const title = TITLES[browser]
  const verified = verifiedIn(browser, run)
  if (verified.length === 0) return [`## ${title}\n\nNot measured.`]
  const started = run.lines.filter((line) => line.kind === 'browser')
  const own = [...new Set(started.filter((line) => line.browser === browser).map(({ version }) => version))]
  const results = resultsOf(visitsIn(browser, run))
  const durable = verified.filter((one) => flushesEachWrite(one.verified)).map(({ peer }) => peer)
  const targets = compareTargets(results, run.plan.peers, new Set(durable))
  return [
    `## ${title}`,
    `${own.join(', then ')}; in rounds: ${run.plan.rounds}.`,
    ...(targets.length > 0 ? [`### Targets in ${title}`, describeTargets(targets)] : []),
    `### The peers in ${title}`,
    describePeers(verified, versions),
    ...measuresIn(browser, run.plan)
      .filter(({ number }) => results.of(number).length + results.notes(number).length > 0)
      .flatMap((measure) => [
        describeMeasure(measure, results),
        ...plots
          .filter((plot) => plot.browser === browser && plot.measure === measure.number)
          .map(({ figure, file }) => `![${figure}](${file})`),
      ]),
  ]
}

/** Visits only: what is between them is little. */
function describeTimes(run: RunFile): string {
  const visits = run.plan.browsers.flatMap((browser) => visitsIn(browser, run))
  const all = visits.reduce((sum, { seconds }) => sum + seconds, 0)
  const lines = run.plan.browsers.flatMap((browser) =>
    measuresIn(browser, run.plan).map(({ number }) => {
      const own = visits.filter((visit) => visit.browser === browser && visit.measure === number)
      const seconds = own.reduce((sum, visit) => sum + visit.seconds, 0)
      const { title } = measureNumbered(number)
      const share = all === 0 ? 0 : (100 * seconds) / all
      return [
        `${number}. ${title}`,
        browser,
        String(own.length),
        (seconds / 60).toFixed(1),
        `${share.toFixed(0)} %`,
      ]
    }),
  )
  return formatTable([['measure', 'browser', 'visits', 'minutes', 'share'], ...lines])
}
