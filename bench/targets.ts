import { WRONG } from './measures/measure.ts'
import { median, midmean, quantile } from './quantile.ts'
import type { Results } from './results.ts'

/** What Tutti is to reach, as a ratio within one run. */
export interface Target {
  readonly measure: number
  readonly text: string
  /** `NaN` where what it is compared with was not measured. */
  readonly value: number
  readonly limit: number
  /** Otherwise at most. */
  readonly atLeast: boolean
}

/** Peers that are no choice for one database in several tabs, or have no disk: never "the best peer". */
const ASIDE = new Set(['tutti', 'tutti-sync', 'tutti-relaxed', 'tutti-indexeddb', 'sqljs', 'hop', 'flush'])
const NO_SQL = new Set(['dexie'])

/** @param durable names of the peers whose writes each wait for a flush */
export function compareTargets(
  results: Results,
  peers: readonly string[],
  durable: ReadonlySet<string>,
): Target[] {
  const typical = (measure: number, figure: string, peer: string): number =>
    median(results.samples(measure, figure, peer))
  /** For what takes less than a tick of a page's clock. */
  const finely = (measure: number, figure: string, peer: string): number =>
    midmean(results.samples(measure, figure, peer))
  const worst = (measure: number, figure: string, peer: string): number =>
    quantile(results.samples(measure, figure, peer), 0.99)
  const best = (values: readonly number[], pick = Math.min): number => {
    const there = values.filter((value) => !Number.isNaN(value))
    return there.length === 0 ? Number.NaN : pick(...there)
  }
  const rivals = peers.filter((peer) => !ASIDE.has(peer))
  const durableRivals = rivals.filter((peer) => durable.has(peer))
  const tutti = (measure: number, figure: string): number => typical(measure, figure, 'tutti')

  const targets: Target[] = []
  const target = (measure: number, text: string, value: number, limit: number, atLeast = false): void => {
    if (results.of(measure).length > 0) targets.push({ measure, text, value, limit, atLeast })
  }
  /** All of it: one is too much. */
  const total = (measure: number, figure: string): number => {
    const samples = results.samples(measure, figure, 'tutti')
    return samples.length === 0 ? Number.NaN : samples.reduce((sum, value) => sum + value, 0)
  }

  const [first, second] = ['first tab', 'second tab']
  target(
    1,
    'to the best that flushes',
    tutti(1, first) / best(durableRivals.map((peer) => typical(1, first, peer))),
    0.6,
  )
  target(
    1,
    'to the floors of flush and hop',
    finely(1, first, 'tutti') / (finely(1, first, 'flush') + finely(1, first, 'hop')),
    1.5,
  )
  target(1, 'second tab to first', tutti(1, second) / tutti(1, first), 1.3)
  target(2, "to Dexie's", tutti(2, 'commits') / typical(2, 'commits', 'dexie'), 3, true)
  target(2, WRONG, total(2, WRONG), 0)
  for (const tab of [first, second]) {
    target(3, `to the hop, ${tab}`, tutti(3, tab) / typical(3, first, 'hop'), 1.3)
  }
  target(
    3,
    '`db.sync` to the fastest peer',
    typical(3, `${first}, synchronous`, 'tutti-sync') / best(rivals.map((peer) => typical(3, first, peer))),
    0.15,
  )
  for (const tab of [first, second]) {
    target(
      4,
      `to the best peer, ${tab}`,
      tutti(4, tab) / best(rivals.map((peer) => typical(4, tab, peer))),
      0.6,
    )
  }
  target(
    5,
    'p99 to the best peer',
    worst(5, 'a read meanwhile', 'tutti') / best(rivals.map((peer) => worst(5, 'a read meanwhile', peer))),
    0.4,
  )
  for (const since of ['from the commit', 'from the call']) {
    target(6, `to Dexie, ${since}`, tutti(6, since) / typical(6, since, 'dexie'), 1)
  }
  target(7, 'first tab to sahpool', tutti(7, first) / typical(7, first, 'sahpool'), 1.1)
  target(
    7,
    'second tab to the best SQL peer',
    tutti(7, second) /
      best(rivals.filter((peer) => !NO_SQL.has(peer)).map((peer) => typical(7, second, peer))),
    0.8,
  )
  target(
    8,
    'to the best durable peer',
    tutti(8, 'rows') /
      best(
        durableRivals.map((peer) => typical(8, 'rows', peer)),
        Math.max,
      ),
    1.5,
    true,
  )
  for (const how of ['closed', 'crashed']) {
    target(9, `ms without a write, ${how}`, tutti(9, `longest wait, ${how}`), 100)
    target(9, `${WRONG}, ${how}`, total(9, `${WRONG}, ${how}`), 0)
  }
  target(10, 'kB on the page', tutti(10, 'page side'), 12)
  const withTabs = (tabs: string): number =>
    median(results.samples(11, 'a write, by open tabs', 'tutti', tabs))
  target(11, 'a write, 10 tabs to one', withTabs('10 tabs') / withTabs('1 tabs'), 2)
  return targets
}
