import { TuttiError } from '../../src/errors/errors.ts'
import type { Database } from '../../src/page/database.ts'
import type { Prng, SimulatedTab, Simulation, SimulationOptions } from '../../src/platform/simulated.ts'
import { checkHistory } from '../history/check-history.ts'
import { type CommittedWrite, History } from '../history/history.ts'
import { type LogEntry, toCommitted } from '../history/recording.ts'
import { MIGRATIONS, runWorkload } from '../history/workload.ts'
import { startChaos } from './chaos.ts'
import { type AppTab, ClusterWorld } from './cluster-world.ts'
import type { SimulatedPage } from './simulated-page.ts'

/** All that a run may do to the tabs; each seed draws its own mix. */
export interface Swarm {
  readonly tabs: number
  readonly calls: number
  /** ms between two faults; `undefined`: none. */
  readonly faultsEvery: number | undefined
  readonly replica: 'auto' | 'never'
  readonly storage: 'opfs' | 'memory'
  /** How the storage fails now and then. */
  readonly diskFaults: boolean
  /** `power cut`: all tabs die in the middle of it, and what was not flushed is lost. */
  readonly ending: 'quiet' | 'browser killed' | 'power cut'
  readonly options: Partial<SimulationOptions>
}

/** Longer than any bound of a call: what is not settled by then hangs (I5). */
const SETTLED_WITHIN = 200_000

/** Draws from a seed what its run is like. */
export function drawSwarm(prng: Prng): Swarm {
  const storage = prng.number() < 0.1 ? 'memory' : 'opfs'
  return {
    tabs: 2 + Math.floor(prng.number() * 3),
    calls: 4 + Math.floor(prng.number() * 10),
    faultsEvery: prng.number() < 0.15 ? undefined : 20 + prng.number() * 400,
    replica: prng.number() < 0.15 ? 'never' : 'auto',
    storage,
    diskFaults: storage === 'opfs' && prng.number() < 0.2,
    ending:
      storage === 'memory' ? 'quiet' : prng.pick(['quiet', 'quiet', 'browser killed', 'power cut'] as const),
    options: { latency: [0.05, prng.pick([1, 8, 40])], lateRelease: [1, prng.pick([20, 150, 600])] },
  }
}

/** One run of the real library in many simulated tabs, judged by invariants I1 to I8. Throws with what was broken. */
export async function runCluster(
  seed: number,
  inspect: (world: ClusterWorld, history: History) => void = () => undefined,
): Promise<{ events: number }> {
  const { prng } = await ClusterWorld.create(seed).then((world) => world.simulation)
  const swarm = drawSwarm(prng)
  const world = await ClusterWorld.create(seed, swarm.options)
  try {
    return await judged(world, swarm, inspect)
  } finally {
    world.close()
  }
}

async function judged(
  world: ClusterWorld,
  swarm: Swarm,
  inspect: (world: ClusterWorld, history: History) => void,
): Promise<{ events: number }> {
  const { simulation } = world
  const history = new History(() => simulation.now)
  try {
    return await judge(world, swarm, history)
  } finally {
    inspect(world, history)
  }
}

async function judge(world: ClusterWorld, swarm: Swarm, history: History): Promise<{ events: number }> {
  const { simulation } = world
  const working = new Map<SimulatedTab, Promise<void>>()
  const pages = new Map<string, SimulatedPage>()
  let requests = 0
  const nextRequest = () => `r${++requests}`

  const openApp = (name: string): void => {
    const tab = simulation.tab(name)
    const app = world.tab(name)
    pages.set(name, app.page)
    working.set(tab, workIn(app, swarm, history, nextRequest))
  }
  const names = Array.from({ length: swarm.tabs }, (_, i) => 'ABCDE'.charAt(i))
  for (const name of names) openApp(name)
  const stop =
    swarm.faultsEvery === undefined
      ? () => undefined
      : startChaos(simulation, {
          every: [swarm.faultsEvery / 2, swarm.faultsEvery],
          tabs: () => simulation.tabs,
          // A tab that died is opened anew, as a user would.
          killed: ({ name }) => openApp(name),
          fragile: 'primary',
          // In memory a database ends with the last tab that has all of it.
          spare: swarm.storage === 'memory' ? ['kill', 'cache without locks'] : [],
          tell: ({ name }, state) => pages.get(name)?.tell(state),
          pause: [20, 2500],
        })
  if (swarm.diskFaults) failDisk(simulation)
  await simulation.runFor(1500)
  stop()
  simulation.disk.faults.heal()
  if (swarm.ending === 'power cut') simulation.powerCut()
  if (swarm.ending === 'browser killed') simulation.killBrowser()
  await simulation.runFor(3000)
  for (const [tab, work] of working) if (tab.alive) await simulation.settle(work, SETTLED_WITHIN)
  const last = await lastWord(world, swarm)
  const verdict = checkHistory(history.records, last.committed)
  const complaints = verdict.violations.map(({ kind, detail }) => `${kind}: ${detail}`)
  complaints.push(...last.complaints)
  if (complaints.length > 0) {
    throw new Error(`${complaints.join('\n')}\n${simulation.trace.print(60)}`)
  }
  return { events: simulation.trace.entries.length }
}

/** Lets one operation of the disk fail. */
function failDisk({ prng, disk }: Simulation): void {
  disk.faults.failAt(1 + Math.floor(prng.number() * 400), prng.pick(['throw', 'full', 'short', 'absurd']))
}

async function workIn(app: AppTab, swarm: Swarm, history: History, nextRequest: () => string): Promise<void> {
  const { context } = app.page
  const pause = (ms: number) => new Promise<void>((resolve) => context.platform.clock.after(ms, resolve))
  await pause(context.prng.number() * 60)
  const db = await app
    .open({ migrations: MIGRATIONS, replica: swarm.replica, storage: [swarm.storage] })
    .catch((error: unknown) => {
      // Where the disk fails, opening may fail too, with a typed error.
      if (swarm.diskFaults && error instanceof TuttiError && error.code !== 'INTERNAL') return undefined
      throw error
    })
  if (db === undefined) return
  await runWorkload(
    { db, tab: app.name, session: app.name, history, prng: context.prng, pause, nextRequest },
    swarm.calls,
  )
}

interface LastWord {
  readonly committed: readonly CommittedWrite[]
  readonly complaints: readonly string[]
}

/** Reads what the database holds in the end, in a fresh tab. */
async function lastWord(world: ClusterWorld, { storage }: Swarm): Promise<LastWord> {
  const { simulation } = world
  const reader = world.tab('reader')
  const db: Database = await simulation.settle(
    reader.open({ migrations: MIGRATIONS, storage: [storage] }),
    SETTLED_WITHIN,
  )
  const rows = await simulation.settle(db.all<LogEntry>('select * from log order by id'), SETTLED_WITHIN)
  const [check] = await simulation.settle(db.values('pragma integrity_check'), SETTLED_WITHIN)
  const complaints = check?.[0] === 'ok' ? [] : [`integrity_check: ${String(check?.[0])}`]
  // Whoever lives follows: give the last commits the time to arrive.
  await simulation.runFor(1000)
  complaints.push(...world.differingReplicas())
  return { committed: rows.map((row) => toCommitted(row, null)), complaints }
}
