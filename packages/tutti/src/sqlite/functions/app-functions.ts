import type { AggregateFunction, Collation, ScalarFunction, SqlFunctions } from '../../protocol/functions.ts'
import type { SqlValue } from '../../protocol/values.ts'
import type { Pointer } from '../exports.ts'
import { foldName } from '../fold-name.ts'
import { ERROR, OK } from '../result-codes.ts'
import type { Sqlite } from '../sqlite.ts'
import { SqliteFailure } from '../sqlite-failure.ts'
import { valueIn } from './value-in.ts'
import { errorOut, valueOut } from './value-out.ts'

const UTF8 = 1
const DETERMINISTIC = 0x800
/** Also where the schema calls it, which is not trusted: in views, triggers, CHECKs, indexes. */
const INNOCUOUS = 0x20_0000
const WORD = 4

interface Callbacks {
  readonly scalar: Pointer
  readonly step: Pointer
  readonly inverse: Pointer
  readonly value: Pointer
  readonly final: Pointer
  readonly compare: Pointer
}

/**
 * The app's functions and collations in one instance of SQLite. Each kind has one callback for all of them,
 * which finds the definition by the number that SQLite keeps with it: slots of the wasm's table are few.
 */
export class AppFunctions {
  readonly #sqlite: Sqlite
  readonly #callbacks: Callbacks
  readonly #functions: readonly (readonly [string, ScalarFunction | AggregateFunction])[]
  readonly #collations: readonly (readonly [string, Collation])[]
  /** States of aggregates under way, by the number in SQLite's own context; 0 is none. */
  readonly #states = new Map<number, unknown>()
  #lastState = 0

  constructor(sqlite: Sqlite, { functions = {}, collations = {} }: SqlFunctions) {
    this.#sqlite = sqlite
    this.#functions = Object.entries(functions)
    this.#collations = Object.entries(collations)
    this.#callbacks = {
      scalar: sqlite.installFunction('vpip', this.#onCall),
      step: sqlite.installFunction('vpip', this.#onStep),
      inverse: sqlite.installFunction('vpip', this.#onInverse),
      value: sqlite.installFunction('vp', this.#onValue),
      final: sqlite.installFunction('vp', this.#onFinal),
      compare: sqlite.installFunction('ipipip', this.#onCompare),
    }
  }

  /** What the app says of the function; `undefined` where it has none of that name, given in small letters. */
  isDeterministic(name: string): boolean | undefined {
    const found = this.#functions.find(([own]) => foldName(own) === name)
    return found === undefined ? undefined : found[1].deterministic === true
  }

  /** Defines all of them on a connection that was just opened. */
  define(db: Pointer): void {
    for (const [i, [name, definition]] of this.#functions.entries()) {
      this.#named(name, (text) => this.#defineFunction(db, text, i, definition))
    }
    const { exports } = this.#sqlite
    for (const [i, [name]] of this.#collations.entries()) {
      this.#named(name, (text) =>
        exports.sqlite3_create_collation_v2(db, text, UTF8, i, this.#callbacks.compare, 0),
      )
    }
  }

  #defineFunction(
    db: Pointer,
    name: Pointer,
    i: number,
    definition: ScalarFunction | AggregateFunction,
  ): number {
    const { exports } = this.#sqlite
    const { scalar, step, final, value, inverse } = this.#callbacks
    const { args = -1, deterministic = false } = definition
    const flags = UTF8 | INNOCUOUS | (deterministic ? DETERMINISTIC : 0)
    if ('call' in definition) {
      return exports.sqlite3_create_function_v2(db, name, args, flags, i, scalar, 0, 0, 0)
    }
    return definition.inverse === undefined
      ? exports.sqlite3_create_function_v2(db, name, args, flags, i, 0, step, final, 0)
      : exports.sqlite3_create_window_function(db, name, args, flags, i, step, final, value, inverse, 0)
  }

  #named(name: string, define: (name: Pointer) => number): void {
    const text = this.#sqlite.allocText(name)
    const code = define(text)
    this.#sqlite.free(text)
    if (code !== OK)
      throw new SqliteFailure(code, `SQLite does not take '${name}' of the module of functions`)
  }

  readonly #onCall = (context: Pointer, count: number, values: Pointer): void => {
    this.#guarded(context, (definition) => {
      if (!('call' in definition)) return
      valueOut(this.#sqlite, context, definition.call(...this.#arguments(count, values)))
    })
  }

  readonly #onStep = (context: Pointer, count: number, values: Pointer): void => {
    this.#guarded(context, (definition) => {
      if ('call' in definition) return
      const key = this.#stateKey(context)
      const state = this.#states.has(key) ? this.#states.get(key) : definition.start()
      this.#states.set(key, definition.step(state, ...this.#arguments(count, values)))
    })
  }

  readonly #onInverse = (context: Pointer, count: number, values: Pointer): void => {
    this.#guarded(context, (definition) => {
      if ('call' in definition || definition.inverse === undefined) return
      const key = this.#stateKey(context)
      this.#states.set(key, definition.inverse(this.#states.get(key), ...this.#arguments(count, values)))
    })
  }

  readonly #onValue = (context: Pointer): void => {
    this.#guarded(context, (definition) => this.#giveResult(context, definition, this.#stateKey(context)))
  }

  /** SQLite calls it once for each group, also where a step has failed. */
  readonly #onFinal = (context: Pointer): void => {
    const key = this.#stateKey(context)
    this.#guarded(context, (definition) => this.#giveResult(context, definition, key))
    this.#states.delete(key)
  }

  readonly #onCompare = (i: number, n1: number, p1: Pointer, n2: number, p2: Pointer): number => {
    const { thrown } = this.#sqlite
    // What follows is undone anyway.
    if (thrown.present) return 0
    const [name, compare] = this.#collations[i] ?? ['', () => 0]
    try {
      const order = compare(this.#sqlite.text(p1, n1), this.#sqlite.text(p2, n2))
      if (typeof order !== 'number' || Number.isNaN(order)) throw new TypeError('it gave no number')
      return Math.sign(order)
    } catch (error) {
      // SQLite has no way to fail a comparison.
      thrown.keep(new SqliteFailure(ERROR, failureOf(name, error)))
      return 0
    }
  }

  #giveResult(context: Pointer, definition: ScalarFunction | AggregateFunction, key: number): void {
    if ('call' in definition) return
    const state = this.#states.has(key) ? this.#states.get(key) : definition.start()
    valueOut(this.#sqlite, context, definition.result(state))
  }

  /** Nothing may be thrown through wasm: what the app throws is the statement's error. */
  #guarded(context: Pointer, use: (definition: ScalarFunction | AggregateFunction) => void): void {
    const [name, definition] = this.#functions[this.#sqlite.exports.sqlite3_user_data(context)] ?? []
    if (name === undefined || definition === undefined) return
    try {
      use(definition)
    } catch (error) {
      errorOut(this.#sqlite, context, failureOf(`${name}()`, error))
    }
  }

  #arguments(count: number, values: Pointer): SqlValue[] {
    return Array.from({ length: count }, (_, i) =>
      valueIn(this.#sqlite, this.#sqlite.view.getUint32(values + i * WORD, true)),
    )
  }

  /** The number of this group's state, kept in the zeroed word that SQLite lends to each group. */
  #stateKey(context: Pointer): number {
    const word = this.#sqlite.exports.sqlite3_aggregate_context(context, WORD)
    if (word === 0) return 0
    const { view } = this.#sqlite
    const known = view.getUint32(word, true)
    if (known !== 0) return known
    view.setUint32(word, ++this.#lastState, true)
    return this.#lastState
  }
}

function failureOf(name: string, error: unknown): string {
  return `${name} failed: ${error instanceof Error ? error.message : String(error)}`
}
