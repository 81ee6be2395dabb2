import type { BenchTab } from '../browsers/bench-browser.ts'
import type { DatedWrite } from '../page/page-bench.ts'
import { poll } from '../poll.ts'
import type { Stage } from '../stage.ts'

const WRITES = 20

/** Of each write, how long its callback came after the write was called, and after it resolved, ms. */
export interface Delays {
  readonly called: readonly number[]
  readonly resolved: readonly number[]
}

/**
 * One tab writes one row after the other; another has a live query that each of the writes changes.
 *
 * @param pause between two writes, ms: for the slowest to have called back
 */
export async function timeCallbacks(
  stage: Stage,
  {
    writing,
    listening,
    pause,
  }: { readonly writing: BenchTab; readonly listening: BenchTab; readonly pause: number },
): Promise<Delays> {
  const from = stage.newIds(WRITES)
  const title = `live ${from}`
  await listening.evaluate((given) => window.bench.listen(given), title)
  const written: DatedWrite[] = []
  for (let id = from; id < from + WRITES; id++) {
    written.push(
      await writing.evaluate(([n, given]) => window.bench.datedWrite(n, given), [id, title] as const),
    )
    // Not in the page: where it is hidden, its timers are late by up to a second.
    await new Promise((resolve) => setTimeout(resolve, pause))
  }
  const seen = () => listening.evaluate(() => window.bench.seen())
  await poll('a callback for each write', async () => (await seen()).length === WRITES)
  const at = new Map((await seen()).map((callback) => [callback.id, callback.at]))
  const after = (since: 'called' | 'resolved'): number[] =>
    written.map((write) => (at.get(write.id) ?? Number.NaN) - write[since])
  return { called: after('called'), resolved: after('resolved') }
}
