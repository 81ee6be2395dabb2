import type { BenchTab } from './browsers/bench-browser.ts'
import type { Deeds } from './page/spy.ts'
import { poll } from './poll.ts'
import { firstLine, isAbsent, type Stage } from './stage.ts'

/** What a peer was seen to do. */
export interface Verified {
  /** What was tried, and what came of it: `ok`, `absent`, or what went wrong. */
  readonly steps: readonly (readonly [step: string, outcome: string])[]
  /** For each write, in the mean, with a second tab open where there can be one. */
  readonly each: Deeds | undefined
}

const COUNTED = 20

/** Whether a peer can be measured: it opens, writes and reads, as far as it has them. */
export function works({ steps }: Verified): boolean {
  return ['open', 'write', 'read back'].every((wanted) =>
    steps.some(([step, outcome]) => step === wanted && (outcome === 'ok' || outcome === 'absent')),
  )
}

/**
 * Proves in a real browser that an adapter does what the measures take for granted: open, write, read back in the
 * same tab and in a second one, hear of it there, close, and find it again. And counts what a write flushes.
 */
export async function verify(stage: Stage): Promise<Verified> {
  const steps: [string, string][] = []
  async function step(name: string, work: () => Promise<boolean>): Promise<boolean> {
    const outcome = await work().then(
      (done) => (done ? 'ok' : 'no'),
      (error: Error) => (isAbsent(error) ? 'absent' : firstLine(error)),
    )
    steps.push([name, outcome])
    return outcome === 'ok'
  }

  const name = stage.newName()
  const ids: number[] = []
  const write = async (tab: BenchTab, title?: string): Promise<number> => {
    const id = stage.newIds(1)
    await tab.evaluate(([from, as]) => window.bench.writes(from, 1, as), [id, title] as const)
    ids.push(id)
    return id
  }
  const has = async (tab: BenchTab, id: number): Promise<boolean> =>
    (await tab.evaluate((wanted) => window.bench.missing(wanted), [id])).length === 0

  const first = await stage.newTab()

  async function verifyTwo(second: BenchTab): Promise<void> {
    await step('second tab sees it', () => has(second, ids[0] ?? 0))
    await step('second tab sees a new one', async () => has(second, await write(first)))
    await step('first tab sees its write', async () => has(first, await write(second)))
    await step('live in the second', async () => {
      await second.evaluate(() => window.bench.listen('live'))
      const id = await write(first, 'live')
      await poll('the callback', () =>
        second.evaluate((wanted) => window.bench.seen().some((row) => row.id === wanted), id),
      )
      return true
    })
  }

  const opened = await step('open', async () => {
    await first.evaluate((given) => window.bench.open({ name: given, create: true }), name)
    return true
  })
  if (!opened) {
    await stage.clear()
    return { steps, each: undefined }
  }
  await step('write', async () => (await write(first)) > 0)
  await step('read back', () => has(first, ids[0] ?? 0))
  await step('1,000 rows', async () => {
    await first.evaluate(() => window.bench.bulk(1, 1200))
    return (await first.evaluate(() => window.bench.longReads(1, 1000, 1200))).length === 1
  })
  await step('count', async () => {
    const counted = await first.evaluate(() => window.bench.count())
    if (counted !== 1201) throw new Error(`${counted} rows instead of 1201`)
    return true
  })
  if (stage.peer.tabs !== 'one') {
    const second = await stage.newTab()
    const joined = await step('second tab opens', async () => {
      await second.evaluate((given) => window.bench.open({ name: given, create: false }), name)
      return true
    })
    if (joined) await verifyTwo(second)
  }
  await stage.clear()

  const again = await stage.newTab()
  await step('opens again', async () => {
    await again.evaluate((given) => window.bench.open({ name: given, create: false }), name)
    return true
  })
  // Floors keep nothing.
  if (stage.peer.package !== undefined) {
    await step('all is there', async () => {
      const missing = await again.evaluate((wanted) => window.bench.missing(wanted), ids)
      if (missing.length > 0) throw new Error(`${missing.length} of ${ids.length} are lost`)
      return true
    })
  }
  // For whatever a commit sends to other tabs.
  if (stage.peer.tabs !== 'one')
    await step('second tab opens again', async () => {
      await stage.openTab(name)
      return true
    })
  let each: Verified['each']
  await step('flushes counted', async () => {
    await again.evaluate(() => window.bench.startSpying())
    // What opening and settling still do is not a write's.
    const before = await settledDeeds(again)
    const from = stage.newIds(COUNTED)
    // Whoever is slow makes fewer.
    const { length: made } = await again.evaluate(([id, n]) => window.bench.writes(id, n), [
      from,
      COUNTED,
    ] as const)
    const after = await settledDeeds(again)
    const perWrite = (kind: keyof Deeds): number => (after[kind] - before[kind]) / made
    each = {
      opfs: perWrite('opfs'),
      strict: perWrite('strict'),
      relaxed: perWrite('relaxed'),
      messages: perWrite('messages'),
      bytes: perWrite('bytes'),
    }
    return true
  })
  await stage.clear()
  return { steps, each }
}

/** Once no more are told of for a while, heartbeats and the like apart. */
async function settledDeeds(tab: BenchTab): Promise<Deeds> {
  let last = await tab.evaluate(() => window.bench.deeds())
  await poll('no more flushes', async () => {
    await new Promise((resolve) => setTimeout(resolve, 400))
    const next = await tab.evaluate(() => window.bench.deeds())
    const still = next.opfs === last.opfs && next.strict === last.strict && next.relaxed === last.relaxed
    last = next
    return still
  })
  return last
}
