import { expect, test } from 'vitest'
import { TuttiError } from '../../src/errors/errors.ts'
import type { Prng } from '../../src/platform/simulated.ts'
import type { Migration } from '../../src/protocol/values.ts'
import { BUILD, type Build } from '../../src/protocol/version.ts'
import { checkHistory } from '../history/check-history.ts'
import { History, type Values } from '../history/history.ts'
import { MIGRATIONS, runWorkload } from '../history/workload.ts'
import { causeFaults, drawFaults, FAULT_KINDS } from './chaos.ts'
import { type AppTab, ClusterWorld } from './cluster-world.ts'
import { forEachSeed, seeds } from './seeds.ts'
import type { SimulatedPage } from './simulated-page.ts'

const LIMIT = 20 * 60_000
const SETTLED_WITHIN = 200_000
const TABS = ['A', 'B', 'C', 'D']
const NEXT: Build = { ...BUILD, version: '9.0.0', protocol: BUILD.protocol + 1 }

/** One build of the app, on a build of Tutti. */
interface AppBuild {
  readonly migrations: readonly Migration[]
  readonly build: Build
}

/** Builds of one app, from the oldest to the newest: each knows a migration more than the one before. */
function releases(prng: Prng): AppBuild[] {
  // In some runs the last one or two were made with the next protocol.
  const firstOfNext = 2 + Math.floor(prng.number() * 4)
  return Array.from({ length: 4 }, (_, i) => ({
    migrations: [
      ...MIGRATIONS,
      ...Array.from({ length: i }, (__, j) => ({
        name: `${j + 2} column ${j}`,
        sql: `alter table log add column c${j} default ${j}`,
      })),
    ],
    build: i < firstOfNext ? BUILD : NEXT,
  }))
}

/** Why a build may be refused, or cut off, in such a company. */
const EXPECTED = new Set(['OUTDATED', 'SCHEMA_AHEAD'])

/**
 * Tabs of four builds come at random times, work, die and come again as others, under faults; the last word is
 * the newest one's. Throws what was broken.
 */
async function runMixed(seed: number): Promise<{ outdated: number; acknowledged: number }> {
  const world = await ClusterWorld.create(seed, { latency: [0.05, 20], lateRelease: [1, 100] })
  const { simulation } = world
  const { prng } = simulation
  const history = new History(() => simulation.now)
  const builds = releases(prng)
  const pages = new Map<string, SimulatedPage>()
  const working = new Map<AppTab, Promise<void>>()
  const unexpected: string[] = []
  let [requests, outdated] = [0, 0]
  // Nobody deploys backwards while this goes on, but old tabs stay, and caches give out old builds.
  const draw = () =>
    builds[Math.min(3, Math.floor(prng.number() * (1.5 + simulation.now / 400)))] ?? builds[0]

  const openApp = (name: string): void => {
    const release = draw()
    if (release === undefined) return
    const app = world.tab(name, release.build)
    pages.set(name, app.page)
    working.set(app, work(app, release))
  }
  const work = async (app: AppTab, { migrations }: AppBuild): Promise<void> => {
    const { context } = app.page
    const pause = (ms: number) => new Promise<void>((resolve) => context.platform.clock.after(ms, resolve))
    await pause(context.prng.number() * 400)
    try {
      const db = await app.open({ migrations })
      db.on('outdated', () => outdated++)
      const session = app.name
      const nextRequest = () => `r${++requests}`
      const { prng: own } = context
      await runWorkload(
        { db, tab: app.name, session, history, prng: own, pause, nextRequest },
        4 + Math.floor(own.number() * 10),
      )
    } catch (error) {
      if (!(error instanceof TuttiError) || !EXPECTED.has(error.code)) unexpected.push(String(error))
    }
  }

  try {
    for (const name of TABS) openApp(name)
    const faults = drawFaults(prng, {
      kinds: FAULT_KINDS,
      tabs: TABS,
      every: [60, 400],
      until: 2500,
      pause: [20, 1500],
    })
    causeFaults(simulation, faults, {
      killed: ({ name }) => openApp(name),
      tell: ({ name }, state) => pages.get(name)?.tell(state),
    })
    await simulation.runFor(5500)
    for (const [app, done] of working) {
      if (app.page.context.alive) await simulation.settle(done, SETTLED_WITHIN)
    }
    const newest = { migrations: builds[3]?.migrations ?? [] }
    const reader = world.tab('reader', NEXT)
    const db = await simulation.settle(reader.open(newest), SETTLED_WITHIN)
    const rows = await simulation.settle(
      db.all<{ request: string; reads: string | null; writes: string | null }>(
        'select request, reads, writes, c0, c1, c2 from log order by id',
      ),
      SETTLED_WITHIN,
    )
    const committed = rows.map(({ request, reads, writes }) => ({
      request,
      version: null,
      epoch: null,
      ...(reads === null ? {} : { reads: JSON.parse(reads) as Values }),
      ...(writes === null ? {} : { writes: JSON.parse(writes) as Values }),
    }))
    const { violations } = checkHistory(history.records, committed)
    const complaints = [...unexpected, ...violations.map(({ kind, detail }) => `${kind}: ${detail}`)]
    if (complaints.length > 0) throw new Error(`${complaints.join('\n')}\n${simulation.trace.print(60)}`)
    const acknowledged = history.records.filter(({ kind, op }) => kind === 'ok' && op === 'write').length
    return { outdated, acknowledged }
  } finally {
    world.close()
  }
}

test(
  'P7 R4 R30: I1 to I6 hold where tabs of four builds and two protocols come and go under faults',
  async () => {
    let [outdated, acknowledged] = [0, 0]
    await forEachSeed(seeds(60), async (seed) => {
      const run = await runMixed(seed)
      outdated += run.outdated
      acknowledged += run.acknowledged
    })
    expect(outdated).toBeGreaterThan(0)
    expect(acknowledged).toBeGreaterThan(0)
  },
  LIMIT,
)
