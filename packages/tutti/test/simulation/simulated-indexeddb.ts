import { Stream } from '../../src/platform/simulated/stream.ts'
import type { Range, SimulatedContext } from '../../src/platform/simulated.ts'
import {
  type ServerConnection,
  type ServerDatabase,
  type ServerTransaction,
  type Stores,
  serverOf,
} from './indexeddb-server.ts'

/** How long a message to the browser's process takes, and one back, ms. */
const LATENCY: Range = [0.05, 3]

class KeyRange {
  readonly lower: number
  readonly upper: number
  constructor(lower: number, upper: number) {
    this.lower = lower
    this.upper = upper
  }

  static bound = (lower: number, upper: number): KeyRange => new KeyRange(lower, upper)
  static lowerBound = (lower: number): KeyRange => new KeyRange(lower, Number.POSITIVE_INFINITY)
}
Reflect.set(globalThis, 'IDBKeyRange', KeyRange)

/** A request, or one that opens a database: what the storage layer uses of it. */
interface FakeRequest {
  result: unknown
  error: DOMException | null
  transaction: { abort(): void } | null
  onsuccess: (() => void) | null
  onerror: (() => void) | null
  onupgradeneeded: (() => void) | null
}

const freshRequest = (): FakeRequest => ({
  result: undefined,
  error: null,
  transaction: null,
  onsuccess: null,
  onerror: null,
  onupgradeneeded: null,
})

/** The two ways between a context and the browser's process, each in order. */
class Link {
  readonly context: SimulatedContext
  readonly #there: Stream
  readonly #back: Stream

  constructor(context: SimulatedContext) {
    this.context = context
    this.#there = new Stream(context.world)
    this.#back = new Stream(context.world)
  }

  ask(what: string, run: () => void): void {
    const { context } = this
    const at = context.now
    if (!context.alive) return
    this.#there.add({
      due: at + context.prng.delay(LATENCY),
      context: null,
      what: `indexeddb ${what} from ${context.name}`,
      valid: () => at <= context.diedAt && !serverOf(context.world).isGone(context),
      run,
    })
  }

  tell(what: string, run: () => void): void {
    const { context } = this
    const due = context.world.now + context.prng.delay(LATENCY)
    this.#back.add({ due, context, what: `indexeddb ${what}`, run })
  }
}

/**
 * IndexedDB as one context sees it, with what the storage layer uses and no more. A transaction is atomic
 * and, once complete, durable; it runs when no earlier one holds its stores; its context's death undoes
 * what was not committed. Commits count as operations of the world's disk, and fail with them.
 */
export function simulatedIndexedDb(context: SimulatedContext): IDBFactory {
  const { world } = context
  const server = serverOf(world)
  const link = new Link(context)
  context.onDeath(() =>
    world.schedule({
      due: world.now + world.prng.delay(world.options.lateRelease),
      context: null,
      what: `indexeddb of ${context.name} falls`,
      run: () => server.contextDied(context),
    }),
  )

  const open = (name: string): FakeRequest => {
    const request = freshRequest()
    const connect = (database: ServerDatabase): void => {
      const client = new Connection(link, database)
      request.result = client
      database.connections.add(client.atServer)
      link.tell('opened', () => request.onsuccess?.())
    }
    const attempt = (): boolean => {
      if (!context.alive) return true
      const known = server.get(name)
      if (known !== undefined) {
        if (known.maker === undefined) connect(known)
        return known.maker === undefined
      }
      make(name, request, connect)
      return true
    }
    link.ask(`open ${name}`, () => server.when(attempt))
    return request
  }

  const make = (name: string, request: FakeRequest, connect: (database: ServerDatabase) => void): void => {
    const database = server.make(name, context)
    const made: string[] = []
    let undone = false
    link.tell('upgrade', () => {
      request.result = { createObjectStore: (store: string) => void made.push(store) }
      request.transaction = { abort: () => void (undone = true) }
      request.onupgradeneeded?.()
      link.ask(undone ? 'abort of the upgrade' : 'upgraded', () => {
        if (server.get(name) !== database) return
        database.maker = undefined
        for (const store of made) database.stores.set(store, new Map())
        if (undone) {
          server.remove(name)
          request.error = new DOMException('the upgrade was aborted', 'AbortError')
          link.tell('not opened', () => request.onerror?.())
        } else connect(database)
        server.changed()
      })
    })
  }

  const deleteDatabase = (name: string): FakeRequest => {
    const request = freshRequest()
    let asked = false
    const attempt = (): boolean => {
      const database = server.get(name)
      if (database !== undefined && !asked) for (const each of database.connections) each.versionChange()
      asked = true
      if (database !== undefined && database.connections.size > 0) return false
      server.remove(name)
      link.tell('deleted', () => request.onsuccess?.())
      return true
    }
    link.ask(`delete ${name}`, () => server.when(attempt))
    return request
  }
  return { open, deleteDatabase } as unknown as IDBFactory
}

/** An IDBDatabase. */
class Connection {
  onversionchange: (() => void) | null = null
  onclose: (() => void) | null = null
  readonly atServer: ServerConnection
  readonly #link: Link
  #closed = false

  constructor(link: Link, database: ServerDatabase) {
    this.#link = link
    this.atServer = {
      context: link.context,
      database,
      versionChange: () => link.tell('versionchange', () => this.onversionchange?.()),
    }
  }

  transaction(stores: string | string[], mode = 'readonly'): Transaction {
    if (this.#closed) throw new DOMException('the connection is closed', 'InvalidStateError')
    return new Transaction(this.#link, this.atServer, [stores].flat(), mode === 'readwrite')
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    const { context, database } = this.atServer
    // Transactions that are under way are let come to their end.
    this.#link.ask('close', () => {
      database.connections.delete(this.atServer)
      serverOf(context.world).changed()
    })
  }
}

/** An IDBTransaction. */
class Transaction {
  oncomplete: (() => void) | null = null
  onabort: (() => void) | null = null
  error: DOMException | null = null
  readonly #link: Link
  readonly #atServer: ServerTransaction
  readonly #requests = new Set<FakeRequest>()
  #ended = false

  constructor(link: Link, connection: ServerConnection, scope: readonly string[], writes: boolean) {
    this.#link = link
    const changed: Stores = new Map()
    const aborted = (reason: DOMException | null) => link.tell('aborted', () => this.#aborted(reason))
    this.#atServer = { connection, scope, writes, asked: [], changed, over: false, aborted }
    link.ask(writes ? 'write' : 'read', () => this.#database.begin(this.#atServer))
  }

  get #database(): ServerDatabase {
    return this.#atServer.connection.database
  }

  objectStore(name: string): object {
    const all = (range?: KeyRange) => (content: Map<IDBValidKey, unknown>) =>
      [...content]
        .filter(([key]) => range === undefined || (Number(key) >= range.lower && Number(key) <= range.upper))
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
    return {
      get: (key: IDBValidKey) => this.#request(name, false, (content) => structuredClone(content.get(key))),
      getAll: (range?: KeyRange) =>
        this.#request(name, false, (content) =>
          all(range)(content).map(([, value]) => structuredClone(value)),
        ),
      getAllKeys: () => this.#request(name, false, (content) => all()(content).map(([key]) => key)),
      put: (value: unknown, key: IDBValidKey) => {
        const kept: unknown = structuredClone(value)
        return this.#request(name, true, (content) => void content.set(key, kept))
      },
      delete: (range: KeyRange) =>
        this.#request(name, true, (content) => {
          for (const [key] of all(range)(content)) content.delete(key)
        }),
    }
  }

  commit(): void {
    if (this.#ended) throw new DOMException('the transaction is over', 'InvalidStateError')
    this.#ended = true
    this.#ask('commit', () => {
      const { connection, writes } = this.#atServer
      try {
        if (writes) connection.context.world.disk.faults.pass('flush', 0)
        this.#database.commit(this.#atServer)
        this.#link.tell('complete', () => this.oncomplete?.())
      } catch (error) {
        this.#database.end(this.#atServer)
        this.#atServer.aborted(error as DOMException)
      }
    })
  }

  abort(): void {
    if (this.#ended) throw new DOMException('the transaction is over', 'InvalidStateError')
    this.#ended = true
    this.#ask('abort', () => {
      this.#database.end(this.#atServer)
      this.#atServer.aborted(null)
    })
  }

  #request(
    store: string,
    writes: boolean,
    act: (content: Map<IDBValidKey, unknown>) => unknown,
  ): FakeRequest {
    if (this.#ended) throw new DOMException('the transaction is over', 'TransactionInactiveError')
    const request = freshRequest()
    this.#requests.add(request)
    this.#ask('request', () => {
      const result = act(this.#database.store(this.#atServer, store, writes))
      this.#link.tell('result', () => {
        this.#requests.delete(request)
        request.result = result
        request.onsuccess?.()
        // Where nothing more is asked for in answer to it, the transaction commits by itself.
        this.#link.context.run('indexeddb turn', () => {
          if (!this.#ended && this.#requests.size === 0) this.commit()
        })
      })
    })
    return request
  }

  #ask(what: string, step: () => void): void {
    this.#link.ask(what, () => {
      if (this.#atServer.over) return
      this.#atServer.asked.push(step)
      this.#database.pump()
    })
  }

  #aborted(reason: DOMException | null): void {
    this.#ended = true
    this.error = reason
    for (const request of this.#requests) {
      request.error = new DOMException('the transaction was aborted', 'AbortError')
      request.onerror?.()
    }
    this.#requests.clear()
    this.onabort?.()
  }
}
