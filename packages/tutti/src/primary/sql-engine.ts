import { InternalError, StatementRefusedError, TransactionAbortedError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import type { StatementCall } from '../protocol/call.ts'
import type { RequestKey } from '../protocol/request-key.ts'
import type { PageDelta, Position, StatementResult } from '../protocol/values.ts'
import type { Limits } from '../sqlite/deadline.ts'
import { SCOPES } from '../sqlite/scope.ts'
import { toPublicError } from '../sqlite/sql-errors.ts'
import { SqliteFailure } from '../sqlite/sqlite-failure.ts'
import { importInto, readImport } from '../storage/import.ts'
import { commitVersion, rollBack } from './commit-version.ts'
import { contentOf } from './content-of.ts'
import type { Core } from './core.ts'
import { type Commit, type Engine, EngineBroken, type Execution, type WriteRequest } from './engine.ts'
import { fingerprintOfCall, fingerprintOfDevice, fingerprintOfText } from './fingerprint.ts'
import { InteractiveTransaction } from './interactive-transaction.ts'
import { countMigrations } from './migrations.ts'
import type { Recovered } from './open-core.ts'
import { runCall } from './run-call.ts'

/** A callback is no text that could be compared: any transaction under the same id is the same write. */
const TRANSACTION = fingerprintOfText('transaction')

/** The {@link Engine} over an open database. */
export class SqlEngine implements Engine {
  readonly recovered: Recovered
  readonly schema: number
  readonly #core: Core
  #transaction: InteractiveTransaction | null = null

  constructor(core: Core, recovered: Recovered) {
    this.#core = core
    this.recovered = recovered
    this.schema = countMigrations(core.connection)
  }

  get incarnation(): string {
    return this.#core.meta.incarnation
  }

  get epoch(): number {
    return this.#core.meta.epoch
  }

  get version(): number {
    return this.#core.meta.version
  }

  get databaseSize(): number {
    return this.#core.files.databaseSize
  }

  get transactionOpen(): boolean {
    return this.#transaction !== null
  }

  reaches(position: Position): boolean {
    return this.#core.meta.reaches(position)
  }

  execute(call: StatementCall, request: WriteRequest, limits: Limits): Execution {
    return this.#guard(() => {
      this.#assertIdle()
      const known = this.#core.ledger.find(request.key, () => fingerprintOfCall(call))
      if (known !== undefined) {
        mark('a write is answered from the ledger')
        return { ...known, commit: null }
      }
      const objection = this.#core.ledger.objection(request.key, request.member)
      // Even an error of the statement would say too much of a write that may have happened.
      if (objection !== undefined && !this.#isRead(call)) throw objection
      return call.op === 'statement'
        ? this.#executeOne(call, request, limits)
        : this.#executeSeveral(call, request, limits)
    })
  }

  recall(key: RequestKey): Execution | undefined {
    return this.#guard(() => {
      const known = this.#core.ledger.find(key)
      return known === undefined ? undefined : { ...known, commit: null }
    })
  }

  begin(): void {
    this.#guard(() => {
      this.#assertIdle()
      this.#transaction = new InteractiveTransaction(this.#core)
    })
  }

  inTransaction(call: StatementCall, limits: Limits): readonly StatementResult[] {
    return this.#guard(() => this.#open().run(call, limits))
  }

  commit(request: WriteRequest): Execution {
    return this.#guard(() => {
      const transaction = this.#open()
      this.#transaction = null
      try {
        transaction.assertAlive()
        const known = this.#core.ledger.find(request.key, () => TRANSACTION)
        if (known === undefined) {
          const objection = this.#core.ledger.objection(request.key, request.member)
          if (objection !== undefined) throw objection
          if (transaction.wrote && request.refusal !== undefined) throw request.refusal
          if (request.refusal === undefined) return this.#commit(request, TRANSACTION, [])
        }
        transaction.end()
        return { results: [], version: this.version, ...known, commit: null }
      } catch (error) {
        if (!(error instanceof EngineBroken)) transaction.end()
        throw error
      }
    })
  }

  rollback(): void {
    this.#guard(() => {
      const transaction = this.#open()
      this.#transaction = null
      transaction.end()
    })
  }

  import(file: Uint8Array<ArrayBuffer> | Blob, request: WriteRequest): Execution {
    return this.#guard(() => {
      this.#assertIdle()
      const { sqlite, blobs, onProgress, connection, files, ledger, meta, runner, capture } = this.#core
      const device = contentOf(file, blobs, onProgress)
      const fingerprint = fingerprintOfDevice(device, onProgress)
      const known = ledger.find(request.key, () => fingerprint)
      if (known !== undefined) return { ...known, commit: null }
      const objection = ledger.objection(request.key, request.member)
      if (objection !== undefined) throw objection
      if (request.refusal !== undefined) throw request.refusal
      const image = readImport(sqlite, device, blobs, onProgress)
      try {
        importInto(connection, image, onProgress, (content) => {
          meta.writeImport(content)
          ledger.writeInto(content, request.key, meta.version + 1, fingerprint)
        })
      } finally {
        image.close()
        runner.forgetSchema()
      }
      meta.committed()
      meta.importCommitted()
      files.takeDelta()
      const delta: PageDelta = {
        numbers: new Uint32Array(),
        bytes: new Uint8Array(),
        databaseSize: files.databaseSize,
      }
      const changes = capture.takeAll(files.readPages(1, 1).bytes)
      const { version } = meta
      return { results: [], version, commit: { version, delta, changes, rebuild: true } }
    })
  }

  readPages(from: number, count: number): PageDelta {
    return this.#guard(() => {
      this.#assertIdle()
      return this.#core.files.readPages(from, count)
    })
  }

  pruneOrphans(live: ReadonlySet<string>): Commit | null {
    return this.#guard(() => {
      this.#assertIdle()
      const { ledger, transactor } = this.#core
      const orphans = ledger.orphans(live)
      if (orphans.length === 0) return null
      transactor.begin('immediate')
      const commit = commitVersion(this.#core, () => ledger.bury(orphans))
      ledger.buried(orphans)
      return commit
    })
  }

  flushed(version: number): void {
    this.#core.meta.flushedUpTo(version, this.#core.files.walKept)
  }

  checkpoint(): void {
    this.#guard(() => {
      this.#assertIdle()
      this.#core.opened.checkpoint()
    })
  }

  close(asIs = false): void {
    if (asIs) this.#core.files.abandon(new Error('The files are suspected of damage'))
    this.#core.opened.close()
  }

  #isRead(call: StatementCall): boolean {
    if (call.op !== 'statement') return false
    try {
      const prepared = this.#core.runner.prepare(call.sql, SCOPES.single)
      prepared.release()
      return prepared.readonly
    } catch {
      return false
    }
  }

  #executeOne(call: StatementCall & { op: 'statement' }, request: WriteRequest, limits: Limits): Execution {
    const { runner, transactor } = this.#core
    const { sql, params, rows } = call
    const scope = SCOPES.single
    const prepared = runner.prepare(sql, scope)
    try {
      if (prepared.readonly) {
        const result = runner.run(prepared, { params, rows, scope, limits })
        return { results: [result], version: this.version, commit: null }
      }
    } finally {
      prepared.release()
    }
    if (call.readonly === true) throw notReadonly(sql)
    if (request.refusal !== undefined) throw request.refusal
    transactor.begin('immediate')
    const results = this.#inOpenTransaction(() =>
      runCall(this.#core, call, { scope, limits, onWrite: () => {} }),
    )
    return this.#commitCall(call, request, results)
  }

  /** A script or a batch: one transaction, which begins as a snapshot and may never come to write. */
  #executeSeveral(call: StatementCall, request: WriteRequest, limits: Limits): Execution {
    const { transactor } = this.#core
    let wrote = false
    const onWrite = () => {
      if (request.refusal !== undefined) throw request.refusal
      wrote = true
    }
    transactor.begin('deferred')
    const results = this.#inOpenTransaction(() =>
      runCall(this.#core, call, { scope: SCOPES.several, limits, onWrite }),
    )
    if (wrote) return this.#commitCall(call, request, results)
    rollBack(this.#core)
    return { results, version: this.version, commit: null }
  }

  #inOpenTransaction<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      rollBack(this.#core)
      throw error
    }
  }

  #commitCall(call: StatementCall, request: WriteRequest, results: readonly StatementResult[]): Execution {
    try {
      return this.#commit(request, fingerprintOfCall(call), results)
    } catch (error) {
      if (!(error instanceof SqliteFailure) || call.op === 'batch') throw error
      // A deferred foreign key fails at COMMIT, which says nothing to whoever wrote the statement.
      throw new SqliteFailure(error.resultCode, error.message, call.sql)
    }
  }

  /** Commits the open transaction with its ledger row (R14). */
  #commit(request: WriteRequest, fingerprint: string, results: readonly StatementResult[]): Execution {
    const { ledger, meta } = this.#core
    const { key, member, answered } = request
    const commit = commitVersion(this.#core, () => {
      ledger.prune(member, answered)
      ledger.write(key, meta.version + 1, fingerprint, results)
    })
    ledger.pruned(member, answered)
    return { results, version: commit.version, commit }
  }

  #open(): InteractiveTransaction {
    if (this.#transaction !== null) return this.#transaction
    throw new TransactionAbortedError('No transaction is open: it was rolled back, begin a new one', {
      outcome: 'not-applied',
    })
  }

  #assertIdle(): void {
    if (this.#transaction === null) return
    throw new InternalError('A call outside the open transaction must wait for its end', {
      outcome: 'not-applied',
    })
  }

  /** Turns what Tutti's own statements may throw into public errors, and doubt into EngineBroken (R17). */
  #guard<T>(work: () => T): T {
    try {
      return work()
    } catch (error) {
      if (!(error instanceof EngineBroken)) this.#core.transactor.assertSound()
      throw toPublicError(error, { sql: '', outcome: 'not-applied' })
    }
  }
}

function notReadonly(sql: string): StatementRefusedError {
  return new StatementRefusedError('The statement writes, and the call was asked to be read-only', {
    sql,
    outcome: 'not-applied',
  })
}
