import { describeDurability } from './durability.ts'
import type { Measure } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'
import { median, quantile } from './quantile.ts'
import type { Result, Results } from './results.ts'
import { formatTable, formatValue } from './table.ts'
import type { Target } from './targets.ts'
import type { Verified } from './verify.ts'

/** What each peer was seen to do, and what its writes flush. */
export function describePeers(
  verified: ReadonlyMap<Peer, Verified>,
  versions: ReadonlyMap<Peer, string>,
): string {
  const lines = [...verified].map(([peer, what]) => [
    peer.name,
    versions.get(peer) ?? 'floor',
    peer.tabs,
    peer.isolated === true ? 'yes' : 'no',
    describeDurability(what),
    what.each === undefined ? '–' : `${what.each.messages.toFixed(1)}, ${what.each.bytes.toFixed(0)} B`,
    peer.setup,
  ])
  const failed = [...verified].flatMap(([peer, { steps }]) =>
    steps
      .filter(([, outcome]) => outcome !== 'ok' && outcome !== 'absent')
      .map(([step, outcome]) => `- ${peer.name}, ${step}: ${outcome}`),
  )
  return [
    formatTable([
      ['peer', 'version', 'tabs', 'isolated', 'a resolved write is', 'messages a write', 'set up'],
      ...lines,
    ]),
    ...(failed.length > 0 ? ['\nNot as it should be:\n', ...failed] : []),
  ].join('\n')
}

/** A table for each figure of a measure, and what was noted. */
export function describeMeasure(measure: Measure, results: Results): string {
  const found = results.of(measure)
  const figures = [...new Set(found.filter(({ x }) => x === undefined).map(({ figure }) => figure))]
  const series = [...new Set(found.filter(({ x }) => x !== undefined).map(({ figure }) => figure))]
  const tables = figures.map((figure) => {
    const lines = found
      .filter((result) => result.figure === figure)
      .map(({ peer, unit, visits }) => {
        const samples = visits.flat()
        const values = [median(samples), quantile(samples, unit === '/s' ? 0.01 : 0.99)]
        return [peer.name, String(samples.length), ...values.map((value) => formatValue(value, unit))]
      })
    return formatTable([[figure, 'n', 'median', 'p99'], ...lines])
  })
  const notes = results
    .notes(measure)
    .map(({ peer, text, times }) => `- ${peer.name}${times > 1 ? `, ${times} times` : ''}: ${text}`)
  return [
    `## ${measure.number}. ${measure.title}`,
    ...tables,
    ...series.map((figure) => describeSeries(figure, found)),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ].join('\n\n')
}

/** Medians as they grow: a column for each x. */
function describeSeries(figure: string, found: readonly Result[]): string {
  const own = found.filter((result) => result.figure === figure)
  const xs = [...new Set(own.map(({ x }) => x ?? ''))]
  const names = [...new Set(own.map(({ peer }) => peer.name))]
  const cell = (name: string, x: string): string => {
    const result = own.find((known) => known.peer.name === name && known.x === x)
    return result === undefined ? '–' : formatValue(median(result.visits.flat()), result.unit)
  }
  return formatTable([[figure, ...xs], ...names.map((name) => [name, ...xs.map((x) => cell(name, x))])])
}

export function describeTargets(targets: readonly Target[]): string {
  return formatTable([
    ['Tutti', 'measure', 'is', 'should be', ''],
    ...targets.map(({ measure, text, value, limit, atLeast }) => [
      text,
      String(measure),
      value.toFixed(2),
      `${atLeast ? '≥' : '≤'} ${limit}`,
      (atLeast ? value >= limit : value <= limit) ? 'yes' : 'no',
    ]),
  ])
}
