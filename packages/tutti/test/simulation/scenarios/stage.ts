import { TuttiError } from '../../../src/errors/errors.ts'
import type { Database } from '../../../src/page/database.ts'
import type { OpenOptions } from '../../../src/page/open-options.ts'
import type { Recovery } from '../../../src/page/recovery.ts'
import type { HeldLock } from '../../../src/platform/platform.ts'
import type { SimulatedTab, Simulation, SimulationOptions } from '../../../src/platform/simulated.ts'
import { everyoneSchema } from '../../../src/protocol/messages.ts'
import { databaseNames } from '../../../src/protocol/names.ts'
import { openChannel } from '../../../src/protocol/open-channel.ts'
import type { Migration } from '../../../src/protocol/values.ts'
import type { Build } from '../../../src/protocol/version.ts'
import { ClusterWorld } from '../cluster-world.ts'
import { forEachSeed, seeds } from '../seeds.ts'
import type { SimulatedPage } from '../simulated-page.ts'

/** The table of most scenarios. */
export const TABLE: readonly Migration[] = [
  { name: '1 t', sql: 'create table t (id integer primary key, v text unique)' },
]

const NAMES = await databaseNames('u-9002', 'default')
const { candidateLock, standbyLock, primaryLock, everyoneChannel } = NAMES
/** Longer than any bound of a call, ms: what is not settled by then hangs. */
const SETTLED_WITHIN = 200_000

/** One tab of the app, with its database open. */
export interface Player {
  readonly tab: SimulatedTab
  readonly page: SimulatedPage
  readonly db: Database
  /** Opens another handle of the same database in the same page. */
  readonly another: () => Promise<Database>
  /** What is left of the database where it is damaged. */
  readonly recover: () => Promise<Recovery>
}

/** A promise that is watched while the world goes on. Times are the world's, ms. */
export interface Watched<T> {
  readonly promise: Promise<T>
  readonly askedAt: number
  settledAt: number | undefined
  value: T | undefined
  error: TuttiError | undefined
}

/** A world in which a scenario plays: the real library in simulated tabs. */
export class Stage {
  readonly world: ClusterWorld
  readonly simulation: Simulation
  readonly names = NAMES
  /** Epochs that were announced, in the order in which an outsider heard of them. */
  readonly announced: number[] = []

  constructor(world: ClusterWorld) {
    this.world = world
    this.simulation = world.simulation
    const outsider = this.simulation.tab('outsider').context('page')
    openChannel(outsider.platform.channels, {
      name: everyoneChannel,
      schema: everyoneSchema,
      hear: (message) => {
        if (message.type === 'announce') this.announced.push(message.epoch)
      },
      onUnreadable: () => undefined,
    })
  }

  /** The tab whose worker is the primary. */
  get primary(): string | undefined {
    return this.simulation.locks.holder(primaryLock)?.split('/')[0]
  }

  /** The tab that holds the candidate lock. */
  get candidate(): string | undefined {
    return this.simulation.locks.holder(candidateLock)?.split('/')[0]
  }

  /** The tab that has a primary worker ready. */
  get standby(): string | undefined {
    return this.simulation.locks.holder(standbyLock)?.split('/')[0]
  }

  get epoch(): number {
    return Math.max(0, ...this.announced)
  }

  /** Opens the app in a tab; the first tab becomes the primary. The app may have another build of Tutti. */
  async open(
    name: string,
    options: Partial<OpenOptions> = {},
    { visibility = 'visible', build }: { visibility?: 'visible' | 'hidden'; build?: Build } = {},
  ): Promise<Player> {
    const app = this.world.tab(name, build)
    app.page.tell(visibility)
    const another = () => app.open({ migrations: TABLE, ...options })
    return {
      tab: this.simulation.tab(name),
      page: app.page,
      db: await this.settle(another()),
      another,
      recover: app.recover,
    }
  }

  /** Opens several tabs, one after the other, and lets their replicas follow. */
  async openAll<const Names extends readonly string[]>(
    names: Names,
    options: Partial<OpenOptions> = {},
  ): Promise<{ [Index in keyof Names]: Player }> {
    const players: Player[] = []
    for (const name of names) players.push(await this.open(name, options))
    await this.simulation.runFor(300)
    return players as { [Index in keyof Names]: Player }
  }

  settle<T>(promise: Promise<T>, within = SETTLED_WITHIN): Promise<T> {
    return this.simulation.settle(promise, within)
  }

  watch<T>(promise: Promise<T>): Watched<T> {
    const { simulation } = this
    const watched: Watched<T> = {
      promise,
      askedAt: simulation.now,
      settledAt: undefined,
      value: undefined,
      error: undefined,
    }
    promise.then(
      (value) => {
        watched.settledAt = simulation.now
        watched.value = value
      },
      (error: unknown) => {
        if (!(error instanceof TuttiError)) throw error
        watched.settledAt = simulation.now
        watched.error = error
      },
    )
    return watched
  }

  /** Lets a watched promise settle, whatever its end; how long it took, ms. */
  async ended(watched: Watched<unknown>, within = SETTLED_WITHIN): Promise<number> {
    await this.simulation.run({ until: () => watched.settledAt !== undefined, maxTime: within })
    return (watched.settledAt ?? Number.NaN) - watched.askedAt
  }

  /** Steps until `condition` holds. */
  until(condition: () => boolean, within = 30_000): Promise<void> {
    return this.simulation.run({ until: condition, maxTime: within })
  }

  /** Takes the primary lock away and keeps it, as nobody of the app would. */
  async robPrimary(): Promise<HeldLock> {
    const outsider = this.simulation.tab('outsider').context('page')
    const held = await this.settle(outsider.platform.locks.request(primaryLock, { steal: true }))
    // The robbed one learns of it by a message.
    await this.simulation.runFor(20)
    return held
  }

  /** Values of `v` in table `t`, read by a player. */
  async values({ db }: Player): Promise<string[]> {
    return (await this.settle(db.values('select v from t order by id'))).map(([v]) => String(v))
  }

  /** The world goes on until nobody has anything in doubt. */
  rest(): Promise<void> {
    return this.simulation.runFor(3000)
  }
}

/** The body of a test: `play`, in one world for each of a few fixed seeds. */
export function inWorlds(
  count: number,
  play: (stage: Stage, seed: number) => Promise<void>,
  options: Partial<SimulationOptions> = {},
): () => Promise<void> {
  return () =>
    forEachSeed(seeds(count), async (seed) => {
      const world = await ClusterWorld.create(seed, options)
      try {
        await play(new Stage(world), seed)
      } finally {
        world.close()
      }
    })
}

/** Inserts `v` into `t`. */
export function insert({ db }: Pick<Player, 'db'>, v: string, more: Parameters<Database['run']>[2] = {}) {
  return db.run('insert into t (v) values (?)', [v], more)
}
