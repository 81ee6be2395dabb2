import type { Blobs } from '../../platform/blobs.ts'
import type { Random } from '../../platform/platform.ts'
import { memoryBlobs } from '../../platform/simulated.ts'
import type { RequestKey } from '../../protocol/request-key.ts'
import type { Migration, Param, StatementResult } from '../../protocol/values.ts'
import { BUILD, type Build } from '../../protocol/version.ts'
import type { Limits } from '../../sqlite/deadline.ts'
import { loadSqlite } from '../../sqlite/load-sqlite.ts'
import type { Sqlite } from '../../sqlite/sqlite.ts'
import { createMemoryStore } from '../../storage/memory-store.ts'
import type { Store } from '../../storage/store.ts'
import { createEngine } from '../create-engine.ts'
import type { Engine, Execution, WriteRequest } from '../engine.ts'

export const MEMBER = 'a'.repeat(32)
export const OTHER = 'b'.repeat(32)

let loading: Promise<Sqlite> | undefined

/** One instance of SQLite for a whole test file. */
export function sharedSqlite(): Promise<Sqlite> {
  loading ??= loadSqlite()
  return loading
}

export interface FixtureOptions {
  readonly blobs?: Blobs
  /** Default the one that the file shares. */
  readonly sqlite?: Sqlite
  readonly store?: Store
  readonly migrations?: readonly Migration[]
  readonly build?: Build
  readonly expectedIncarnation?: string | null
  readonly onProgress?: () => void
  readonly check?: boolean
}

/** An engine on a memory store, with the shorthands that tests ask it by. */
export class EngineFixture {
  readonly store: Store
  readonly clock = new StepClock()
  engine: Engine
  readonly #sqlite: Sqlite

  private constructor(sqlite: Sqlite, options: FixtureOptions) {
    this.#sqlite = sqlite
    this.store = options.store ?? createMemoryStore()
    this.engine = this.#open(options)
  }

  static async open(options: FixtureOptions = {}): Promise<EngineFixture> {
    return new EngineFixture(options.sqlite ?? (await sharedSqlite()), options)
  }

  /** As the next primary does it: the old engine is closed, the files stay. */
  reopen(options: FixtureOptions = {}): this {
    this.engine.close()
    this.engine = this.#open(options)
    return this
  }

  limits(more: Partial<Limits> = {}): Limits {
    return { deadline: Number.POSITIVE_INFINITY, cancelled: () => false, ...more }
  }

  request(more: Partial<WriteRequest> = {}): WriteRequest {
    return { key: { owner: MEMBER, seq: ++seqs }, member: MEMBER, answered: 0, ...more }
  }

  key(seq: number, owner = MEMBER): RequestKey {
    return { owner, seq }
  }

  /** `db.run` */
  run(sql: string, params: readonly Param[] = [], request = this.request()): Execution {
    return this.engine.execute({ op: 'statement', sql, params, rows: 'none' }, request, this.limits())
  }

  /** `db.values` */
  values(sql: string, params: readonly Param[] = []): StatementResult['rows'] {
    const call = { op: 'statement', sql, params, rows: 'all' } as const
    return this.engine.execute(call, this.request(), this.limits()).results[0]?.rows ?? []
  }

  /** `db.exec` */
  exec(sql: string, request = this.request()): Execution {
    return this.engine.execute({ op: 'script', sql }, request, this.limits())
  }

  /** One statement of `db.transaction`. */
  inside(sql: string, params: readonly Param[] = []): StatementResult | undefined {
    const call = { op: 'statement', sql, params, rows: 'all' } as const
    return this.engine.inTransaction(call, this.limits())[0]
  }

  #open({
    migrations = [],
    build = BUILD,
    expectedIncarnation = null,
    onProgress = () => {},
    check = false,
    sqlite = this.#sqlite,
    blobs = memoryBlobs(),
  }: FixtureOptions): Engine {
    return createEngine({
      sqlite,
      blobs,
      store: this.store,
      clock: this.clock,
      random: countingRandom(),
      options: { migrations, build, onProgress, check },
      expectedIncarnation,
    })
  }
}

/** A clock that goes on by one millisecond each time it is looked at. */
class StepClock {
  #now = 0

  mono(): number {
    return ++this.#now
  }
}

/** Beyond the keys that tests choose themselves, and never the same for two engines. */
let seqs = 1000
let ids = 0

function countingRandom(): Random {
  return { id: () => (++ids).toString(16).padStart(32, '0'), number: () => 0.5 }
}

/** The error that `work` throws; fails when it throws none. */
export function errorOf(work: () => unknown): Error & Record<string, unknown> {
  try {
    work()
  } catch (error) {
    return error as Error & Record<string, unknown>
  }
  throw new Error('Nothing was thrown')
}
