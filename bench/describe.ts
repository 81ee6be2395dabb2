import { describeDurability } from './durability.ts'
import type { Verification } from './line.ts'
import type { Measure } from './measures/measure.ts'
import { peerNamed } from './peers/list.ts'
import { median, quantile } from './quantile.ts'
import type { Result, Results } from './results.ts'
import { formatTable, formatValue } from './table.ts'
import type { Target } from './targets.ts'

/** What each peer was seen to do, and what its writes flush. */
export function describePeers(
  verifications: readonly Verification[],
  versions: ReadonlyMap<string, string>,
): string {
  const lines = verifications.map(({ peer: name, verified }) => {
    const peer = peerNamed(name)
    const { each } = verified
    return [
      name,
      versions.get(name) ?? 'floor',
      peer.tabs,
      peer.isolated === true ? 'yes' : 'no',
      describeDurability(verified),
      each === undefined ? '–' : `${each.messages.toFixed(1)}, ${each.bytes.toFixed(0)} B`,
      peer.setup,
    ]
  })
  const failed = verifications.flatMap(({ peer, verified: { steps } }) =>
    steps
      .filter(([, outcome]) => outcome !== 'ok' && outcome !== 'absent')
      .map(([step, outcome]) => `- ${peer}, ${step}: ${outcome}`),
  )
  return [
    formatTable([
      ['peer', 'version', 'tabs', 'isolated', 'a resolved write is', 'messages a write', 'set up'],
      ...lines,
    ]),
    ...(failed.length > 0
      ? ['\nNot as it should be (who does not open, write and read is not measured):\n', ...failed]
      : []),
  ].join('\n')
}

/** A table for each figure of a measure, and what was noted. */
export function describeMeasure(measure: Measure, results: Results): string {
  const found = results.of(measure.number)
  const figures = [...new Set(found.filter(({ x }) => x === undefined).map(({ figure }) => figure))]
  const tables = figures.map((figure) => {
    const lines = found
      .filter((result) => result.figure === figure)
      .map(({ peer, unit, samples }) => {
        const values = [median(samples), quantile(samples, unit === '/s' ? 0.01 : 0.99)]
        return [peer, String(samples.length), ...values.map((value) => formatValue(value, unit))]
      })
    return formatTable([[figure, 'samples', 'median', 'p99'], ...lines])
  })
  const notes = results
    .notes(measure.number)
    .map(({ peer, text, times }) => `- ${peer}${times > 1 ? `, ${times} times` : ''}: ${text}`)
  return [
    `### ${measure.number}. ${measure.title}`,
    ...tables,
    ...seriesOf(found).map((figure) => describeSeries(figure, found)),
    ...(notes.length > 0 ? [notes.join('\n')] : []),
  ].join('\n\n')
}

/** The figures of which there are points. */
export function seriesOf(found: readonly Result[]): readonly string[] {
  return [...new Set(found.filter(({ x }) => x !== undefined).map(({ figure }) => figure))]
}

/** Medians as they grow: a column for each x. */
function describeSeries(figure: string, found: readonly Result[]): string {
  const own = found.filter((result) => result.figure === figure)
  const xs = [...new Set(own.map(({ x }) => x ?? ''))].toSorted(
    (a, b) => Number.parseFloat(a) - Number.parseFloat(b),
  )
  const names = [...new Set(own.map(({ peer }) => peer))]
  const cell = (name: string, x: string): string => {
    const result = own.find((known) => known.peer === name && known.x === x)
    return result === undefined ? '–' : formatValue(median(result.samples), result.unit)
  }
  return formatTable([[figure, ...xs], ...names.map((name) => [name, ...xs.map((x) => cell(name, x))])])
}

export function describeTargets(targets: readonly Target[]): string {
  return formatTable([
    ['Tutti', 'measure', 'is', 'should be', ''],
    ...targets.map(({ measure, text, value, limit, atLeast }) => [
      text,
      String(measure),
      Number.isNaN(value) ? '–' : value.toFixed(2),
      `${atLeast ? '≥' : '≤'} ${limit}`,
      Number.isNaN(value)
        ? 'not measured'
        : (atLeast ? value >= limit : value <= limit)
          ? 'reached'
          : 'missed',
    ]),
  ])
}
