import { ACTION, SCHEMA_ACTIONS, TEMP_ACTIONS } from './authorizer-actions.ts'
import type { Connection } from './connection.ts'
import { AUTHORIZE } from './hooks.ts'
import { judgePragma } from './pragmas.ts'
import type { Scope } from './scope.ts'

/** What was learned of a statement while it was prepared. */
export interface Traits {
  /** It may write although `sqlite3_stmt_readonly` says that it does not. */
  readonly writes: boolean
  /** It may change the schema. */
  readonly definesSchema: boolean
  /** It alters a table, which may give it a name that nobody was asked about. */
  readonly alters: boolean
  /** It may be kept and run again, in any scope. */
  readonly cacheable: boolean
}

/** Hears what the authorizer is asked: an action code, and what it is about. */
export type Observer = (action: number, arg1: string | null, arg2: string | null) => void

const ORDINARY: Traits = { writes: false, definesSchema: false, alters: false, cacheable: true }
const COUNTERS: ReadonlySet<string> = new Set(['last_insert_rowid', 'changes', 'total_changes'])
/** Raw pages, and the statements of other tabs. */
const REFUSED_TABLES: ReadonlySet<string> = new Set(['sqlite_dbpage', 'sqlite_stmt'])

const TRANSACTION_REFUSAL =
  'BEGIN, COMMIT and ROLLBACK are not let in as SQL: use db.transaction(), or db.batch() for statements known beforehand'
const SAVEPOINT_REFUSAL =
  'SAVEPOINT, RELEASE and ROLLBACK TO are let in only as single statements of db.transaction(): use that'
const ATTACH_REFUSAL =
  'ATTACH and DETACH are not let in: open() the other database and copy between the two handles'
const TEMP_REFUSAL =
  'TEMP objects are not let in, all tabs share one connection: use WITH, or an ordinary table'
const COUNTER_REFUSAL =
  'has a meaning only inside db.transaction(): elsewhere use the result of db.run(), or RETURNING'

/** True for the names of Tutti's own tables, and of everything else that is named like them. */
export function isReservedName(name: string | null): boolean {
  return name !== null && /^tutti_/i.test(name)
}

/**
 * The gate in front of one connection (R21, R22): an authorizer that denies by default, asked while a
 * statement is prepared, because some statements act already then, and while it runs, because SQLite may
 * prepare it anew. Outside {@link enter} it lets everything pass: that is Tutti's own SQL.
 *
 * VACUUM asks nothing while it is prepared: whoever prepares has to look for it.
 */
export class Policy {
  #scope: Scope | null = null
  #refusal: string | undefined
  #observer: Observer | undefined
  #traits: Traits = ORDINARY

  constructor(connection: Connection) {
    connection.setAuthorizer((action, arg1, arg2, database) => {
      this.#observer?.(action, arg1, arg2)
      return this.#judge(action, arg1, arg2, database)
    })
  }

  /** Runs `work`, and tells `observer` of everything that SQLite asks meanwhile. */
  observe<T>(observer: Observer, work: () => T): T {
    this.#observer = observer
    try {
      return work()
    } finally {
      this.#observer = undefined
    }
  }

  /** Why something was denied since the latest {@link enter}; `undefined` if nothing was. */
  get refusal(): string | undefined {
    return this.#refusal
  }

  /** What was seen since the latest {@link enter}. */
  get traits(): Traits {
    return this.#traits
  }

  /** Runs `work`, which prepares or steps SQL of the app, under `scope`. */
  enter<T>(scope: Scope, work: () => T): T {
    this.#scope = scope
    this.#refusal = undefined
    this.#traits = ORDINARY
    try {
      return work()
    } finally {
      this.#scope = null
    }
  }

  #judge(action: number, arg1: string | null, arg2: string | null, database: string | null): number {
    const scope = this.#scope
    if (scope === null) return AUTHORIZE.ok
    if (SCHEMA_ACTIONS.has(action)) {
      // `create table temp.x` comes as an ordinary one.
      return database === 'temp' ? this.#deny(TEMP_REFUSAL) : this.#judgeSchemaChange(arg1, arg2)
    }
    if (TEMP_ACTIONS.has(action)) return this.#deny(TEMP_REFUSAL)
    switch (action) {
      case ACTION.select:
      case ACTION.recursive:
        return AUTHORIZE.ok
      case ACTION.read:
      case ACTION.insert:
      case ACTION.update:
      case ACTION.delete:
        return this.#judgeTable(arg1)
      case ACTION.function:
        return this.#judgeFunction(scope, arg2 ?? '')
      case ACTION.pragma:
        return this.#judgePragma(scope, arg1 ?? '', arg2)
      case ACTION.alterTable:
        this.#note({ alters: true })
        return this.#judgeSchemaChange(arg1, arg2)
      case ACTION.analyze:
        this.#note({ writes: true, definesSchema: true, cacheable: false })
        // An ANALYZE without a name comes by Tutti's own tables too, and is to go on with the others.
        return isReservedName(arg1) ? AUTHORIZE.ignore : AUTHORIZE.ok
      case ACTION.reindex:
        this.#note({ writes: true, cacheable: false })
        return AUTHORIZE.ok
      case ACTION.savepoint:
        // ROLLBACK TO may bring an older schema back.
        this.#note({ definesSchema: true, cacheable: false })
        return scope.savepoints ? AUTHORIZE.ok : this.#deny(SAVEPOINT_REFUSAL)
      case ACTION.transaction:
        return this.#deny(TRANSACTION_REFUSAL)
      case ACTION.attach:
      case ACTION.detach:
        return this.#deny(ATTACH_REFUSAL)
      default:
        return this.#deny('Statements of this kind are not let in')
    }
  }

  #judgeTable(table: string | null): number {
    if (isReservedName(table)) return this.#denyReserved(table)
    if (table !== null && REFUSED_TABLES.has(table.toLowerCase())) {
      return this.#deny(`${table} is not let in: it shows the inside of the connection that all tabs share`)
    }
    return AUTHORIZE.ok
  }

  /** The object's name is one of the two, the table it belongs to the other, in an order that varies. */
  #judgeSchemaChange(arg1: string | null, arg2: string | null): number {
    this.#note({ definesSchema: true, cacheable: false })
    const reserved = [arg1, arg2].find(isReservedName)
    return reserved === undefined ? AUTHORIZE.ok : this.#denyReserved(reserved)
  }

  #judgeFunction(scope: Scope, name: string): number {
    const lower = name.toLowerCase()
    if (!COUNTERS.has(lower)) return AUTHORIZE.ok
    this.#note({ cacheable: false })
    return scope.counters ? AUTHORIZE.ok : this.#deny(`The function ${lower}() ${COUNTER_REFUSAL}`)
  }

  #judgePragma(scope: Scope, name: string, argument: string | null): number {
    const verdict = judgePragma(name, argument, scope.deferring)
    if (verdict.writes) this.#note({ writes: true })
    if (!verdict.cacheable) this.#note({ cacheable: false })
    return verdict.refusal === undefined ? AUTHORIZE.ok : this.#deny(verdict.refusal)
  }

  #denyReserved(name: string | null): number {
    return this.#deny(
      `${name} is not let in: names that begin with tutti_ belong to Tutti; choose another one`,
    )
  }

  #deny(refusal: string): number {
    this.#refusal ??= refusal
    return AUTHORIZE.deny
  }

  #note(traits: Partial<Traits>): void {
    this.#traits = { ...this.#traits, ...traits }
  }
}
