import { TuttiError } from '../../src/errors/errors.ts'
import type { SimulatedTab, Simulation } from '../../src/platform/simulated.ts'
import { databaseNames } from '../../src/protocol/names.ts'
import { History } from '../history/history.ts'
import { playCalls } from '../history/planned-calls.ts'
import type { RecordedLine } from '../history/recording.ts'
import { MIGRATIONS } from '../history/workload.ts'
import { causeFaults } from './chaos.ts'
import { type AppTab, ClusterWorld } from './cluster-world.ts'
import { judgeRun } from './judge-run.ts'
import { killPrimary, reach } from './moment.ts'
import type { Script, TabScript } from './script.ts'
import type { SimulatedPage } from './simulated-page.ts'

/** Longer than any bound of a call: what is not settled by then hangs (I5). */
export const SETTLED_WITHIN = 200_000

const { primaryLock } = await databaseNames('u-9002', 'default')

/** What a run leaves for its judge. */
export interface Run {
  readonly script: Script
  readonly world: ClusterWorld
  readonly history: History
  /** Commits that tabs heard of. */
  readonly heard: Extract<RecordedLine, { kind: 'commit' }>[]
  /** Tabs whose `flush()` resolved, each with the length of the history when it had been called. */
  readonly flushed: { readonly tab: string; readonly upTo: number }[]
  /** Whether the moment of the script came. */
  struck: boolean
  /** Pages by what their tab is called in the history. */
  readonly durability: Map<string, TabScript['durability']>
}

export interface RunOptions {
  /** Breaks something first, for the judge to be judged. */
  readonly plant?: (world: ClusterWorld) => void
  /** Called at the end, whatever it was. */
  readonly inspect?: (run: Run) => void
}

export interface Finding {
  /** What is wrong, one word each: what a smaller script has to show as well. */
  readonly kinds: readonly string[]
  readonly report: string
}

/** One run of the real library in many simulated tabs, judged by I1 to I7; `undefined` where it keeps them. */
export async function runScript(
  script: Script,
  { plant = () => undefined, inspect = () => undefined }: RunOptions = {},
): Promise<Finding | undefined> {
  const world = await ClusterWorld.create(script.seed, script.timing)
  plant(world)
  const history = new History(() => world.simulation.now)
  const run: Run = { script, world, history, heard: [], flushed: [], struck: false, durability: new Map() }
  try {
    await play(run)
    const complaints = await judgeRun(run)
    if (complaints.length === 0) return undefined
    const kinds = [...new Set(complaints.map(({ kind }) => kind))]
    const report = complaints.map(({ kind, detail }) => `${kind}: ${detail}`).join('\n')
    return { kinds, report: `${report}\n${world.simulation.trace.print(60)}` }
  } catch (error) {
    // An error that nobody caught, or what should have happened and did not.
    const report = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { kinds: [kindOf(error)], report }
  } finally {
    inspect(run)
    world.close()
  }
}

/** The reason of a run's end without what differs between runs that end alike. */
function kindOf(error: unknown): string {
  const [first = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return first.replace(/^seed \d+: /, '').replaceAll(/[A-E](?=\/)|\d+/g, '_')
}

async function play(run: Run): Promise<void> {
  const { script, world } = run
  const { simulation } = world
  const working = new Map<SimulatedTab, Promise<void>>()
  const pages = new Map<string, SimulatedPage>()
  let requests = 0
  const nextRequest = () => `r${++requests}`

  const lived = new Map<string, number>()
  const openApp = (tab: TabScript, wait: number): void => {
    const life = lived.get(tab.name) ?? 0
    lived.set(tab.name, life + 1)
    const app = world.tab(tab.name)
    pages.set(tab.name, app.page)
    working.set(simulation.tab(tab.name), workIn(run, app, tab, { life, wait, nextRequest }))
  }
  // A tab that died is opened anew, as a user would.
  const reopen = (dead: SimulatedTab): void => {
    dead.kill()
    const tab = script.tabs.find(({ name }) => name === dead.name)
    if (tab !== undefined) openApp(tab, 10)
  }
  for (const tab of script.tabs) openApp(tab, tab.opensAt)
  causeFaults(simulation, script.faults, {
    killed: reopen,
    rob: () => rob(simulation),
    tell: ({ name }, state) => pages.get(name)?.tell(state),
  })
  for (const { at, operation, fault, lasting } of script.diskFaults) {
    const fail = () => simulation.disk.faults.failAt(operation, fault, { lasting })
    simulation.schedule({ due: at, context: null, what: `disk fault ${fault}`, run: fail })
  }
  const { quota } = script
  if (quota !== undefined) {
    const fill = () => {
      simulation.disk.quota = simulation.disk.used + quota.room
    }
    simulation.schedule({ due: quota.at, context: null, what: 'the disk is full', run: fill })
  }
  if (script.moment !== undefined) {
    let done = 0
    for (const work of working.values()) void work.finally(() => done++).catch(() => undefined)
    run.struck = await reach(simulation, script.moment, () => done === working.size)
    if (script.moment.kind === 'message' && run.struck) {
      const tab = killPrimary(simulation)
      if (tab !== undefined && script.moment.dies === 'tab') reopen(tab)
    }
  }
  await simulation.runFor(script.length)
  simulation.disk.faults.heal()
  simulation.disk.quota = Number.POSITIVE_INFINITY
  if (script.ending === 'quiet') {
    await simulation.runFor(script.rest)
    for (const [tab, work] of working) if (tab.alive) await simulation.settle(work, SETTLED_WITHIN)
  }
}

/** Whether opening may end in this error under the faults of the script. */
function mayFail({ diskFaults, quota, faults }: Script, error: unknown): boolean {
  if (!(error instanceof TuttiError)) return false
  // It begins anew when the browser took its locks, and gives up when that happens again and again.
  if (error.code === 'WORKER_FAILED') return faults.some(({ kind }) => kind === 'cache without locks')
  return error.code !== 'INTERNAL' && (diskFaults.length > 0 || quota !== undefined)
}

function rob(simulation: Simulation): void {
  const outsider = simulation.tab('outsider').context('page')
  const steal = async () => {
    const held = await outsider.platform.locks.request(primaryLock, { steal: true })
    outsider.platform.clock.after(1, () => held.release())
  }
  // Another robber may come before this one is granted it.
  outsider.run('rob', () => void steal().catch(() => undefined))
}

async function workIn(
  run: Run,
  app: AppTab,
  { name, replica, durability, lives }: TabScript,
  { life, wait, nextRequest }: { life: number; wait: number; nextRequest: () => string },
): Promise<void> {
  const { script, history, heard, flushed } = run
  const { context } = app.page
  const pause = (ms: number) => new Promise<void>((resolve) => context.platform.clock.after(ms, resolve))
  run.durability.set(app.name, durability)
  await pause(wait)
  const backup = script.backup ? { backup: { every: 1000, keep: 2 } } : {}
  const db = await app
    .open({ migrations: MIGRATIONS, replica, durability, storage: [script.storage], ...backup })
    .catch((error: unknown) => {
      if (mayFail(script, error)) return undefined
      throw error
    })
  if (db === undefined) return
  db.onChange(
    ({ version, rowids: { log: ids } }) => {
      if (ids) heard.push({ kind: 'commit', tab: app.name, version, ids: ids.map(Number) })
    },
    { tables: ['log'] },
  )
  const watched = {
    query: db.query.bind(db),
    run: db.run.bind(db),
    batch: db.batch.bind(db),
    transaction: db.transaction.bind(db),
    flush: async () => {
      const upTo = history.records.length
      await db.flush()
      flushed.push({ tab: app.name, upTo })
    },
  }
  const session = `${name}.${life}`
  await playCalls({ db: watched, tab: app.name, session, history, pause, nextRequest }, lives[life] ?? [])
}
