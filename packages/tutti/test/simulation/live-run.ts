import type { Database } from '../../src/page/database.ts'
import type { LiveInfo } from '../../src/page/live/live-observer.ts'
import type { Prng, SimulatedTab } from '../../src/platform/simulated.ts'
import type { Migration } from '../../src/protocol/values.ts'
import { causeFaults, drawFaults, FAULT_KINDS } from './chaos.ts'
import { type AppTab, ClusterWorld } from './cluster-world.ts'
import type { SimulatedPage } from './simulated-page.ts'

const SETTLED_WITHIN = 200_000

const MIGRATIONS: readonly Migration[] = [
  {
    name: '1',
    sql: `create table tune (id integer primary key, title text, mode text, plays integer not null default 0);
      create index by_mode on tune (mode, plays);
      create table tag (tune integer references tune on delete cascade, name text, unique (tune, name))`,
  },
]

const QUERIES: readonly (readonly [sql: string, ...params: number[]])[] = [
  ['select id, title from tune order by id'],
  ['select mode, sum(plays) as plays from tune group by mode order by mode'],
  ['select * from tune where id = ?', 2],
  ['select count(*) as n from tag'],
  ['select title, name from tune left join tag on tag.tune = tune.id order by 1, 2'],
]

const WRITES: readonly ((db: Database, prng: Prng, named: { cause: string }) => Promise<unknown>)[] = [
  (db, prng, named) =>
    db.run(
      'insert or replace into tune (id, title, mode) values (?, ?, ?)',
      [prng.below(6), `t${prng.below(50)}`, prng.pick(['A', 'B'])],
      named,
    ),
  (db, prng, named) => db.run('update tune set plays = plays + 1 where id = ?', [prng.below(6)], named),
  (db, prng, named) =>
    db.run('update tune set title = upper(title) where id % 2 = ?', [prng.below(2)], named),
  (db, prng, named) =>
    db.run('insert or ignore into tag select id, ? from tune', [prng.pick(['x', 'y'])], named),
  (db, prng, named) => db.run('delete from tune where id = ?', [prng.below(6)], named),
  (db, _, named) => db.batch([{ sql: 'update tune set mode = mode' }, { sql: 'delete from tag' }], named),
  (db, prng, named) =>
    db.transaction((tx) => tx.run('update tune set mode = ? where id < 3', [prng.pick(['A', 'B'])]), named),
]

interface Follower {
  readonly app: AppTab
  readonly sql: string
  readonly params: number[]
  /** The cause of all writes of its tab, in this life of it. */
  readonly own: string
  last: readonly unknown[] | undefined
  version: number
}

/**
 * Many tabs follow live queries while they write and accidents happen to them. At rest each has the result
 * that the database has; on the way no version goes back, no result is told twice, and no tab's commit is
 * taken for another's (P1.2). Returns what was broken.
 */
export async function runLive(seed: number): Promise<string[]> {
  const { prng } = await ClusterWorld.create(seed).then((world) => world.simulation)
  const latency = [0.05, prng.pick([1, 8, 40])] as const
  const replica = () => (prng.number() < 0.2 ? 'never' : 'auto')
  const world = await ClusterWorld.create(seed, { latency })
  const { simulation } = world
  const pages = new Map<string, SimulatedPage>()
  const followers: Follower[] = []
  const complaints: string[] = []
  let lives = 0
  const working = new Map<SimulatedTab, Promise<void>>()
  const work = async (name: string): Promise<void> => {
    const app = world.tab(name)
    const own = `${name} ${++lives}`
    pages.set(name, app.page)
    const db = await app.open({ migrations: MIGRATIONS, replica: replica() })
    for (const [sql, ...params] of QUERIES) {
      const follower: Follower = { app, sql, params, own, last: undefined, version: 0 }
      followers.push(follower)
      // A failure is told by its recovery; at rest there is none.
      db.live<unknown>(sql, params).subscribe(
        (rows, info) => complaints.push(...hear(follower, rows, info)),
        () => {
          follower.last = undefined
        },
      )
    }
    const { context } = app.page
    for (let i = 0; i < 12; i++) {
      const write = context.prng.pick(WRITES)
      await write(db, context.prng, { cause: own }).catch(() => undefined)
      await new Promise<void>((resolve) => context.platform.clock.after(context.prng.number() * 80, resolve))
    }
  }
  const openApp = (name: string) => void working.set(simulation.tab(name), work(name))
  try {
    for (const name of ['A', 'B', 'C']) openApp(name)
    const faults = drawFaults(simulation.prng, {
      kinds: FAULT_KINDS.filter((kind) => kind !== 'clock jump' && kind !== 'rob'),
      tabs: ['A', 'B', 'C'],
      every: [40, 300],
      until: 2000,
      pause: [20, 1500],
    })
    causeFaults(simulation, faults, {
      killed: ({ name }) => openApp(name),
      tell: ({ name }, state) => pages.get(name)?.tell(state),
    })
    await simulation.runFor(2000)
    await simulation.runFor(3000)
    for (const [tab, done] of working) if (tab.alive) await simulation.settle(done, SETTLED_WITHIN)
    await simulation.runFor(6000)
    complaints.push(...(await differences(world, followers)))
    return complaints.length === 0 ? [] : [...complaints, simulation.trace.print(40)]
  } finally {
    world.close()
  }
}

function hear(follower: Follower, rows: readonly unknown[], { version, origin, cause }: LiveInfo): string[] {
  const complaints: string[] = []
  const name = `${follower.app.name} ${follower.sql}`
  if (version < follower.version) complaints.push(`${name}: version ${follower.version}, then ${version}`)
  if (JSON.stringify(rows) === JSON.stringify(follower.last)) complaints.push(`${name}: told the same twice`)
  if (cause !== undefined && (cause === follower.own) !== (origin === 'self'))
    complaints.push(`${name}: ${origin} by the cause ${cause}, and its own is ${follower.own}`)
  follower.version = version
  follower.last = rows
  return complaints
}

async function differences(world: ClusterWorld, followers: readonly Follower[]): Promise<string[]> {
  const { simulation } = world
  const db = await simulation.settle(world.tab('reader').open({ migrations: MIGRATIONS }), SETTLED_WITHIN)
  const complaints: string[] = []
  for (const { app, sql, params, last } of followers) {
    if (!app.page.context.alive) continue
    const rows = await simulation.settle(db.all(sql, params), SETTLED_WITHIN)
    if (JSON.stringify(rows) !== JSON.stringify(last)) {
      complaints.push(
        `${app.name} ${sql} shows ${JSON.stringify(last)}, and there is ${JSON.stringify(rows)}`,
      )
    }
  }
  return complaints
}
