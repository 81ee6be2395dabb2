import type { Database } from '../../src/page/database.ts'
import { createOpen } from '../../src/page/open.ts'
import type { OpenOptions } from '../../src/page/open-options.ts'
import { createRecover } from '../../src/page/recover.ts'
import type { Recovery } from '../../src/page/recovery.ts'
import { createSimulation, type Simulation, type SimulationOptions } from '../../src/platform/simulated.ts'
import type { Build } from '../../src/protocol/version.ts'
import { loadSqlite } from '../../src/sqlite/load-sqlite.ts'
import type { Sqlite } from '../../src/sqlite/sqlite.ts'
import { type Shared, type SimulatedPage, simulatedPage } from './simulated-page.ts'

let loaded: Promise<Sqlite> | undefined

/** One page of the app in a simulated tab, from its opening to its death. */
export interface AppTab {
  readonly name: string
  readonly page: SimulatedPage
  /** What is left of a damaged database, asked from this tab. */
  recover(): Promise<Recovery>
  /** Opens the database in this tab; every call runs in an event of the page's own. */
  open(options?: Partial<OpenOptions>): Promise<Database>
}

/** A simulated browser in which the real library runs in every tab. */
export class ClusterWorld {
  readonly simulation: Simulation
  readonly shared: Shared
  #opened = 0

  private constructor(simulation: Simulation, sqlite: Sqlite) {
    this.simulation = simulation
    this.shared = {
      sqlite,
      functions: new Map(),
      revoked: new Set(),
      mobile: false,
      replicas: [],
      readers: [],
      engines: [],
      wrapEngine: (engine) => engine,
    }
  }

  /** SQLite is shared by all worlds of the process: to start it costs more than most runs. */
  static async create(seed: number, options: Partial<SimulationOptions> = {}): Promise<ClusterWorld> {
    loaded ??= loadSqlite()
    return new ClusterWorld(createSimulation({ seed, ...options }), await loaded)
  }

  /** Opens a new page in the tab `name`, which is opened where it is closed; its app may have another build of Tutti. */
  tab(name: string, build?: Build): AppTab {
    const page = simulatedPage(this.simulation.tab(name), this.shared, build)
    const openHere = createOpen(() => page.environment)
    const recoverHere = createRecover(() => page.environment)
    return {
      name: `${name}.${++this.#opened}`,
      page,
      recover: () => recoverHere({ user: 'u-9002', storage: ['opfs'] }),
      open: (options = {}) => openHere({ user: 'u-9002', storage: ['opfs'], persist: false, ...options }),
    }
  }

  /** Complaints where two replicas that follow the same primary hold different pages at the same version (I6). */
  differingReplicas(): string[] {
    const complaints: string[] = []
    const first = new Map<number, { context: string; pages: Uint8Array }>()
    for (const { context, replica } of this.shared.replicas) {
      if (!context.alive || replica.position === null) continue
      const { version } = replica.position
      const { bytes } = replica.readPages(1, replica.databaseSize)
      const pages = withoutReplicaBytes(bytes)
      const other = first.get(version)
      if (other === undefined) first.set(version, { context: context.name, pages })
      else if (Buffer.compare(pages, other.pages) !== 0)
        complaints.push(`${context.name} and ${other.context} differ at version ${version}`)
    }
    return complaints
  }

  /** Gives SQLite its memory back: dead tabs did not. */
  close(): void {
    for (const tab of this.simulation.tabs) tab.kill()
    for (const { replica } of this.shared.replicas) replica.close()
    for (const reader of this.shared.readers) reader.close()
    for (const engine of this.shared.engines) engine.close()
  }
}

/** A copy without the bytes of page 1 that are a replica's own: journal mode and change counters. */
function withoutReplicaBytes(bytes: Uint8Array): Uint8Array {
  const pages = bytes.slice()
  pages.fill(0, 18, 20)
  pages.fill(0, 24, 28)
  pages.fill(0, 92, 96)
  return pages
}
