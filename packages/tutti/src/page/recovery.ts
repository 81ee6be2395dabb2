import { CallTimeoutError, InternalError, ParameterError, WorkerFailedError } from '../errors/errors.ts'
import { deserializeError } from '../errors/wire.ts'
import type {
  BackupFile,
  DamagedFiles,
  RecoveryAnswer,
  RecoveryAsk,
  RecoveryResult,
} from '../protocol/recovery-messages.ts'
import type { StorageKind } from '../protocol/values.ts'
import { setAlarm } from './alarm.ts'
import { storage, text } from './open-options.ts'
import type { PageEnvironment } from './page-environment.ts'

/** Which database: as given to `open()`. */
export interface RecoverOptions {
  readonly user: string
  /** Default `'default'`. */
  readonly name?: string
  /** Default `['opfs', 'indexeddb']`. */
  readonly storage?: readonly StorageKind[]
}

const LIST_BOUND = 30_000
const WHOLE_BOUND = 600_000

type Asker = (ask: RecoveryAsk) => Promise<RecoveryResult>

/**
 * What is left of a database that `open()` calls `StorageCorruptError`, and what can be done. Nothing is done
 * by itself: until `restore()`, `startEmpty()` or `destroy()` was called, no tab can open it. What was set
 * aside, and the backups, stay beside the database afterwards.
 */
export class Recovery {
  /** What was set aside as damaged, newest first; what an earlier decision left, too. */
  readonly damaged: readonly DamagedFiles[]
  /** Backups, newest first. */
  readonly backups: readonly BackupFile[]
  readonly #ask: Asker

  /** Use `recover()`. */
  constructor(ask: Asker, damaged: readonly DamagedFiles[], backups: readonly BackupFile[]) {
    this.#ask = ask
    this.damaged = damaged
    this.backups = backups
  }

  /**
   * The bytes of something that was set aside, as they are: the database file, and the log that belongs to it.
   * Saved side by side as `x.sqlite3` and `x.sqlite3-wal`, tools like `sqlite3 x.sqlite3 .recover` read them.
   *
   * @throws {RecoveryRefusedError} where there is nothing of this name
   */
  async damagedBytes(name: string): Promise<{ readonly database: Blob; readonly log: Blob }> {
    const { files = [] } = await this.#ask({ op: 'read', name })
    const [database = new Blob(), log = new Blob()] = files
    return { database, log }
  }

  /**
   * A backup as a plain SQLite file: to save it, or to `import()` it.
   *
   * @throws {RecoveryRefusedError} where there is nothing of this name
   */
  async backupBytes(name: string): Promise<Blob> {
    return (await this.damagedBytes(name)).database
  }

  /**
   * Makes a backup the database: without an argument the newest one that is sound. What was written after it is
   * lost, except from what was set aside. With the name of something that was set aside, whatever can be read of
   * it, provided that SQLite finds it sound. Ids given as `{ id }` that it knows stay known.
   *
   * @throws {RecoveryRefusedError} where there is no such thing, it is not sound, or a tab has the database open
   *
   * @example
   * const recovery = await recover({ user })
   * if (recovery.backups.length > 0) await recovery.restore()
   * else await recovery.startEmpty()
   * const db = await open({ user })
   */
  async restore(source?: BackupFile | DamagedFiles | string): Promise<void> {
    await this.#ask({ op: 'restore', name: typeof source === 'object' ? source.name : source })
  }

  /** Leaves what was set aside where it is: the next `open()` makes a new, empty database. */
  async startEmpty(): Promise<void> {
    await this.#ask({ op: 'start-empty' })
  }

  /** Deletes everything: what was set aside, and the backups. For signing out. */
  async destroy(): Promise<void> {
    await this.#ask({ op: 'destroy' })
  }
}

/** What is left of a database. @throws {ParameterError} naming an option that cannot be used */
export async function recoverWith(environment: PageEnvironment, options: RecoverOptions): Promise<Recovery> {
  if (typeof options !== 'object' || options === null)
    throw new ParameterError('recover() needs an object of options.')
  const database = {
    user: text('user', options.user),
    name: text('name', options.name ?? 'default'),
    storage: storage(options.storage ?? ['opfs', 'indexeddb']),
  }
  const ask: Asker = (asked) => askWorker(environment, database, asked)
  const { list } = await ask({ op: 'list' })
  return new Recovery(ask, list?.damaged ?? [], list?.backups ?? [])
}

/** A worker for each ask: nothing is held between them. */
async function askWorker(
  environment: PageEnvironment,
  database: Required<RecoverOptions>,
  ask: RecoveryAsk,
): Promise<RecoveryResult> {
  const wasm = await environment.compileWasm()
  const worker = environment.startRecovery()
  const bound = ask.op === 'list' ? LIST_BOUND : WHOLE_BOUND
  const answer = await new Promise<RecoveryAnswer>((resolve, reject) => {
    const alarm = setAlarm(environment.clock, bound, () =>
      reject(new CallTimeoutError(`The worker that recovers gave no answer within ${bound / 1000} s.`)),
    )
    const end = () => alarm.cancel()
    worker.onMessage((message) => {
      end()
      resolve(message)
    })
    worker.onFailure((cause) => {
      end()
      reject(new WorkerFailedError(`The worker that recovers failed: ${cause.message}`, { cause }))
    })
    worker.post({ type: 'recover', ...database, ask, wasm })
  }).finally(() => worker.terminate())
  if (answer.error !== undefined) throw deserializeError(answer.error)
  if (answer.result === undefined) throw new InternalError('The worker that recovers gave no result.')
  return answer.result
}
