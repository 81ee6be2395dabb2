import type { SimulatedContext, Simulation } from '../../src/platform/simulated.ts'

export type Stores = Map<string, Map<IDBValidKey, unknown>>

/** A transaction as the browser's process sees it: what was asked in it runs when its turn comes. */
export interface ServerTransaction {
  readonly connection: ServerConnection
  readonly scope: readonly string[]
  readonly writes: boolean
  /** What the next step is to do with the stores; the last one commits or aborts. */
  readonly asked: (() => void)[]
  /** Copies of the stores that it has written to. */
  readonly changed: Stores
  over: boolean
  /** Tells its context that it was ended. */
  readonly aborted: (reason: DOMException | null) => void
}

export interface ServerConnection {
  readonly context: SimulatedContext
  readonly database: ServerDatabase
  /** Somebody wants to delete the database. */
  readonly versionChange: () => void
}

/** One database: its stores, who has it open, and the transactions in the order in which they began. */
export class ServerDatabase {
  readonly name: string
  readonly stores: Stores = new Map()
  readonly connections = new Set<ServerConnection>()
  #transactions: ServerTransaction[] = []
  /** Whoever makes it; until then others wait. */
  maker: SimulatedContext | undefined

  constructor(name: string) {
    this.name = name
  }

  begin(transaction: ServerTransaction): void {
    this.#transactions.push(transaction)
  }

  /** The content of a store for this transaction; a copy of its own where it is going to write. */
  store(transaction: ServerTransaction, name: string, toWrite: boolean): Map<IDBValidKey, unknown> {
    const known = transaction.changed.get(name) ?? this.stores.get(name) ?? new Map<IDBValidKey, unknown>()
    if (!toWrite || transaction.changed.has(name)) return known
    const copy = new Map(known)
    transaction.changed.set(name, copy)
    return copy
  }

  commit(transaction: ServerTransaction): void {
    for (const [name, content] of transaction.changed) this.stores.set(name, content)
    this.end(transaction)
  }

  end(transaction: ServerTransaction): void {
    transaction.over = true
    this.#transactions = this.#transactions.filter((each) => each !== transaction)
  }

  /** Lets every transaction go on that no earlier one keeps from it. */
  pump(): void {
    for (const transaction of [...this.#transactions]) {
      if (!this.#mayRun(transaction)) continue
      while (transaction.asked.length > 0 && !transaction.over) transaction.asked.shift()?.()
      if (transaction.over) return this.pump()
    }
  }

  /** Ends what `context` had open; its transactions may outlive their connection's `close()`. */
  contextDied(context: SimulatedContext): void {
    for (const connection of this.connections)
      if (connection.context === context) this.connections.delete(connection)
    for (const transaction of this.#transactions)
      if (transaction.connection.context === context) this.end(transaction)
    this.pump()
  }

  #mayRun(transaction: ServerTransaction): boolean {
    const { scope, writes } = transaction
    for (const earlier of this.#transactions) {
      if (earlier === transaction) return true
      if ((writes || earlier.writes) && earlier.scope.some((name) => scope.includes(name))) return false
    }
    return true
  }
}

/** The databases of one origin, kept by the browser's process, which outlives its tabs. */
export class IndexedDbServer {
  readonly #databases = new Map<string, ServerDatabase>()
  readonly #gone = new Set<SimulatedContext>()
  /** What waits until a database is made, or free to be deleted. */
  #waiting: (() => boolean)[] = []

  get(name: string): ServerDatabase | undefined {
    return this.#databases.get(name)
  }

  make(name: string, maker: SimulatedContext): ServerDatabase {
    const database = new ServerDatabase(name)
    database.maker = maker
    this.#databases.set(name, database)
    return database
  }

  remove(name: string): void {
    this.#databases.delete(name)
  }

  /** Tries now, and again whenever something has changed, until `attempt` says that it is done. */
  when(attempt: () => boolean): void {
    if (!attempt()) this.#waiting.push(attempt)
  }

  changed(): void {
    this.#waiting = this.#waiting.filter((attempt) => !attempt())
  }

  /** Whether `context` is known to be dead: what it had sent and comes only now is of no account. */
  isGone(context: SimulatedContext): boolean {
    return this.#gone.has(context)
  }

  /** Its connections close, what it had not committed is undone, and what it was making is gone. */
  contextDied(context: SimulatedContext): void {
    this.#gone.add(context)
    for (const database of [...this.#databases.values()]) {
      if (database.maker === context) this.#databases.delete(database.name)
      database.contextDied(context)
    }
    this.changed()
  }
}

const servers = new WeakMap<Simulation, IndexedDbServer>()

export function serverOf(world: Simulation): IndexedDbServer {
  let server = servers.get(world)
  if (server === undefined) servers.set(world, (server = new IndexedDbServer()))
  return server
}
