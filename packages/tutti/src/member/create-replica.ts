import { InternalError, SqlError, StatementRefusedError, StorageCorruptError } from '../errors/errors.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { PageDelta, Params, Position, Statement } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import { findDamage } from '../sqlite/find-damage.ts'
import { namesPresent } from '../sqlite/is-volatile.ts'
import type { Prepared } from '../sqlite/prepared.ts'
import { ReadSets } from '../sqlite/read-sets.ts'
import type { Rows } from '../sqlite/run-statement.ts'
import { SCOPES } from '../sqlite/scope.ts'
import { toPublicError } from '../sqlite/sql-errors.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { StatementRunner } from '../sqlite/statement-runner.ts'
import { backupImage } from '../storage/backup-image.ts'
import { exportDatabase } from '../storage/export.ts'
import { ReplicaFile } from '../storage/replica-file.ts'
import { Watch } from './live/watch.ts'
import { openCursor } from './open-cursor.ts'
import type { Replica, ReplicaCursor, ReplicaDeps, ReplicaRead, SingleCall } from './replica.ts'

const FORWARD: ReplicaRead = { kind: 'forward' }
const DAMAGED: ReplicaRead = { kind: 'forward', damaged: true }

/** Makes an empty {@link Replica}. */
export function createReplica(deps: ReplicaDeps): Replica {
  return new ReplicaOfPages(deps)
}

/** A statement that was let in, with what it is to be run with. */
interface Step {
  readonly prepared: Prepared
  readonly params?: Params | undefined
  readonly rows: Rows
}

class ReplicaOfPages implements Replica {
  readonly #deps: ReplicaDeps
  #file: ReplicaFile
  #runner: StatementRunner | undefined
  #readSets: ReadSets | undefined
  #schemaCookie = 0
  #position: Position | null = null

  constructor(deps: ReplicaDeps) {
    this.#deps = deps
    this.#file = new ReplicaFile(deps.sqlite)
  }

  get position(): Position | null {
    return this.#position
  }

  get bytes(): number {
    return this.#file.bytes
  }

  get databaseSize(): number {
    return this.#file.databaseSize
  }

  begin(databaseSize: number): void {
    this.clear()
    this.#file.apply({ numbers: new Uint32Array(), bytes: new Uint8Array(), databaseSize })
  }

  put(delta: PageDelta): void {
    this.#file.apply(delta)
  }

  finish(position: Position): void {
    this.#position = position
    this.#forgetSchema()
  }

  applyDelta(delta: PageDelta, position: Position): void {
    this.#file.apply(delta)
    this.#position = position
    if (!delta.numbers.includes(1)) return
    const cookie = this.#file.schemaCookie
    if (cookie !== this.#schemaCookie) this.#forgetSchema()
    this.#schemaCookie = cookie
  }

  clear(): void {
    this.close()
    this.#file = new ReplicaFile(this.#deps.sqlite)
  }

  isRead(call: StatementCall): boolean {
    if (this.#position === null) return false
    const steps: Step[] = []
    try {
      return prepareAll(this.#openRunner(), call, steps) === 'reads'
    } catch (error) {
      // What is refused is refused here, and what is wrong with the copy shows when it is read.
      return error instanceof StatementRefusedError
    } finally {
      for (const { prepared } of steps) prepared.release()
    }
  }

  read(call: StatementCall, limits: Limits, ofScript: 'all' | 'none' = 'none'): ReplicaRead {
    if (this.#position === null) return FORWARD
    try {
      return this.#read(this.#openRunner(), call, limits, ofScript)
    } catch (error) {
      if (!(error instanceof StorageCorruptError)) throw error
      // The copy is at fault, not the database: the member has to make it anew.
      this.#position = null
      return DAMAGED
    }
  }

  open(statement: Statement): ReplicaCursor | undefined {
    const call = { op: 'statement', rows: 'all', ...statement } as const
    if (this.#position === null) return undefined
    const steps: Step[] = []
    try {
      const verdict = prepareAll(this.#openRunner(), call, steps)
      if (verdict === 'writes') throw notReadonly(call.sql)
      return verdict === 'reads' ? openCursor(this.#file.snapshot(), this.#deps.clock, statement) : undefined
    } finally {
      for (const { prepared } of steps) prepared.release()
    }
  }

  isSound(): boolean {
    try {
      return findDamage(this.#file.connection, 'quick_check') === undefined
    } catch (error) {
      if (error instanceof SqliteFailure) return false
      throw error
    }
  }

  copy(): Uint8Array<ArrayBuffer>[] {
    try {
      return backupImage(this.#deps.sqlite, this.#file)
    } catch (error) {
      throw toPublicError(error, { sql: '' })
    }
  }

  watch({ sql, params = [] }: SingleCall): Watch | undefined {
    if (this.#position === null) return undefined
    this.#readSets ??= new ReadSets(this.#file.connection, this.#openRunner())
    const reads = this.#readSets.of(sql)
    const rows = new Map<string, bigint | null>()
    for (const [table, { point }] of reads.tables) {
      const row = point === undefined ? undefined : this.#readSets.locate(sql, table, params)
      if (row !== undefined) rows.set(table, row)
    }
    const everything = reads.everything || (reads.tellsTimes && namesPresent(params))
    return new Watch({ ...reads, everything }, rows)
  }

  readPages(from: number, count: number): PageDelta {
    return this.#file.readPages(from, count)
  }

  export(): Blob {
    if (this.#position === null) throw new InternalError('A replica that is not complete cannot be exported')
    const { sqlite, blobs } = this.#deps
    try {
      return exportDatabase(sqlite, this.#file.share(), blobs)
    } catch (error) {
      throw toPublicError(error, { sql: '' })
    }
  }

  close(): void {
    this.#position = null
    this.#runner = undefined
    this.#readSets = undefined
    this.#schemaCookie = 0
    this.#file.close()
  }

  #forgetSchema(): void {
    this.#runner?.forgetSchema()
    this.#readSets?.forget()
  }

  #openRunner(): StatementRunner {
    this.#runner ??= new StatementRunner({
      connection: this.#file.connection,
      clock: this.#deps.clock,
      // Nobody waits for a sign of life: a read stalls nobody but its own tab.
      onProgress: () => {},
    })
    return this.#runner
  }

  /** All statements are prepared before the first one runs: what is forwarded has not run here. */
  #read(runner: StatementRunner, call: StatementCall, limits: Limits, ofScript: 'all' | 'none'): ReplicaRead {
    const steps: Step[] = []
    try {
      const verdict = prepareAll(runner, call, steps, ofScript)
      if (verdict instanceof SqlError) return { kind: 'forward', unknown: verdict }
      if (verdict === 'writes' && call.op === 'statement' && call.readonly === true)
        throw notReadonly(call.sql)
      if (verdict !== 'reads') return FORWARD
      const scope = scopeOf(call)
      const results = steps.map((step) => runner.run(step.prepared, { ...step, scope, limits }))
      return { kind: 'rows', results: call.op === 'script' && ofScript === 'none' ? [] : results }
    } finally {
      for (const { prepared } of steps) prepared.release()
    }
  }
}

/**
 * Fills `steps`, up to the first statement that is not for a replica. An error: it cannot be prepared on
 * this version, but may name what a newer one has (R13).
 */
function prepareAll(
  runner: StatementRunner,
  call: StatementCall,
  steps: Step[],
  ofScript: 'all' | 'none' = 'none',
): 'reads' | 'writes' | SqlError {
  try {
    for (const step of prepareEach(runner, call, ofScript)) {
      steps.push(step)
      if (!step.prepared.readonly) return 'writes'
    }
    return 'reads'
  } catch (error) {
    if (error instanceof SqlError) return error
    throw error
  }
}

function* prepareEach(
  runner: StatementRunner,
  call: StatementCall,
  ofScript: 'all' | 'none',
): Generator<Step, void, undefined> {
  const scope = scopeOf(call)
  switch (call.op) {
    case 'statement':
      return yield { prepared: runner.prepare(call.sql, scope), params: call.params, rows: call.rows }
    case 'batch':
      for (const { sql, params } of call.statements) {
        yield { prepared: runner.prepare(sql, scope), params, rows: 'all' }
      }
      return
    case 'script':
      for (const prepared of runner.prepareScript(call.sql, scope)) yield { prepared, rows: ofScript }
      return
    default:
      return call satisfies never
  }
}

function scopeOf(call: StatementCall) {
  return call.op === 'statement' ? SCOPES.single : SCOPES.several
}

function notReadonly(sql: string): StatementRefusedError {
  return new StatementRefusedError('The statement writes, and the call was asked to be read-only', {
    sql,
    outcome: 'not-applied',
  })
}
