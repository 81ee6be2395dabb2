import { ParameterError } from '../errors/errors.ts'
import type { Migration, StorageKind } from '../protocol/values.ts'

/** What `open()` takes. */
export interface OpenOptions {
  /** Whose database: any string that tells this user from all others on this origin. */
  readonly user: string
  /** Which database of that user. Default `'default'`. */
  readonly name?: string
  /** Append-only: each runs once, in order, in a transaction of its own. */
  readonly migrations?: readonly Migration[]
  /** Rungs, tried in order. Default `['opfs', 'indexeddb']`; `'memory'` keeps nothing after the last tab. */
  readonly storage?: readonly StorageKind[]
  /** `'full'` (default): a write resolves when it is on disk. `'relaxed'`: before the flush. */
  readonly durability?: 'full' | 'relaxed'
  /** Whether this tab keeps a copy in memory to read from. `'auto'` (default): up to 64 MiB. */
  readonly replica?: 'auto' | 'always' | 'never'
  /** A copy on this page's thread too, for synchronous reads as `db.sync`. Default `false`: twice the memory. */
  readonly syncReads?: boolean
  /** A read that finds no primary within 2 s: `'error'` (default, `StaleReadError`) or `'allow'` what the replica has. */
  readonly stale?: 'error' | 'allow'
  /** Ask the browser for persistent storage (default); its answer comes into `db.storage`. */
  readonly persist?: boolean
  /**
   * Keep copies of the database beside it, for when its file is damaged: one each `every` ms (default an hour)
   * in which something was written, the newest `keep` of them (default 3). `recover()` restores one.
   */
  readonly backup?: { readonly every?: number; readonly keep?: number }
  /**
   * The address of a module with SQL functions and collations of your own ({@link SqlFunctions}): every worker
   * imports it. It has to be JavaScript as it is served, on this origin.
   */
  readonly functions?: URL | string
  /** Write although the database has migrations that this build does not know. Default `false`. */
  readonly writeWhenAhead?: boolean
}

/** The options with their defaults. */
export interface CheckedOptions extends Required<Omit<OpenOptions, 'backup' | 'functions'>> {
  readonly backup: { readonly every: number; readonly keep: number } | null
  /** An absolute address. */
  readonly functions: string | null
}

const NAMES = [
  'user',
  'name',
  'migrations',
  'storage',
  'durability',
  'replica',
  'syncReads',
  'stale',
  'persist',
  'backup',
  'functions',
  'writeWhenAhead',
] as const satisfies readonly (keyof OpenOptions)[]

const KINDS: readonly StorageKind[] = ['opfs', 'indexeddb', 'memory']

/** @throws {ParameterError} naming the option that cannot be used */
export function checkOpenOptions(given: OpenOptions): CheckedOptions {
  if (typeof given !== 'object' || given === null)
    throw new ParameterError('open() needs an object of options.')
  for (const name of Object.keys(given)) {
    if (!(NAMES as readonly string[]).includes(name)) {
      throw new ParameterError(`open() has no option '${name}'; it has ${NAMES.join(', ')}.`)
    }
  }
  if (given.syncReads === true && given.replica === 'never') {
    throw new ParameterError("Option 'syncReads' needs a replica, and option 'replica' is 'never'.")
  }
  return {
    user: text('user', given.user),
    name: text('name', given.name ?? 'default'),
    migrations: migrations(given.migrations ?? []),
    storage: storage(given.storage ?? ['opfs', 'indexeddb']),
    durability: oneOf('durability', given.durability ?? 'full', ['full', 'relaxed']),
    replica: oneOf('replica', given.replica ?? 'auto', ['auto', 'always', 'never']),
    syncReads: oneOf('syncReads', given.syncReads ?? false, [true, false]),
    stale: oneOf('stale', given.stale ?? 'error', ['error', 'allow']),
    persist: oneOf('persist', given.persist ?? true, [true, false]),
    backup: given.backup === undefined ? null : backup(given.backup),
    functions: given.functions === undefined ? null : address(given.functions),
    writeWhenAhead: oneOf('writeWhenAhead', given.writeWhenAhead ?? false, [true, false]),
  }
}

/** The names of the options in which two opens of one database in one page cannot both be served. */
export function conflicts(one: CheckedOptions, other: CheckedOptions): string[] {
  return NAMES.filter(
    (name) =>
      // It only asks the browser: who wants it asks, whatever the other said.
      name !== 'persist' && JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  )
}

const HOUR = 3_600_000
const SHORTEST = 1000

function backup(value: NonNullable<OpenOptions['backup']>): { every: number; keep: number } {
  if (typeof value !== 'object' || value === null)
    throw new ParameterError("Option 'backup' must be an object { every, keep }.")
  const { every = HOUR, keep = 3, ...others } = value
  const [unknown] = Object.keys(others)
  if (unknown !== undefined)
    throw new ParameterError(`Option 'backup' has no '${unknown}'; it has every, keep.`)
  if (typeof every !== 'number' || !(every >= SHORTEST && every < Infinity)) {
    throw new ParameterError(`Option 'backup.every' must be a number of ms, ${SHORTEST} or more.`)
  }
  if (!Number.isSafeInteger(keep) || keep < 1)
    throw new ParameterError("Option 'backup.keep' must be a whole number, 1 or more.")
  return { every, keep }
}

/** A worker has another base than the page: what is relative is made absolute here. */
function address(value: unknown): string {
  if (value instanceof URL) return value.href
  const base = typeof document === 'undefined' ? undefined : document.baseURI
  try {
    return new URL(text('functions', value), base).href
  } catch {
    throw new ParameterError("Option 'functions' must be a URL: new URL('./functions.js', import.meta.url).")
  }
}

export function text(name: string, value: unknown): string {
  if (typeof value !== 'string' || value === '') {
    throw new ParameterError(`Option '${name}' must be a string that is not empty.`)
  }
  return value
}

function oneOf<Value>(name: string, value: Value, allowed: readonly Value[]): Value {
  if (allowed.includes(value)) return value
  throw new ParameterError(
    `Option '${name}' must be one of ${allowed.map((item) => JSON.stringify(item)).join(', ')}.`,
  )
}

export function storage(value: readonly StorageKind[]): StorageKind[] {
  if (!Array.isArray(value) || value.length === 0 || new Set(value).size !== value.length) {
    throw new ParameterError(
      `Option 'storage' must be an array of one or more of ${KINDS.join(', ')}, each once.`,
    )
  }
  return value.map((kind: StorageKind) => oneOf('storage', kind, KINDS))
}

function migrations(value: readonly Migration[]): Migration[] {
  if (!Array.isArray(value))
    throw new ParameterError("Option 'migrations' must be an array of { name, sql }.")
  const seen = new Set<string>()
  return value.map((migration: Partial<Migration> | null | undefined, index) => {
    const { name, sql } = migration ?? {}
    if (typeof name !== 'string' || name === '' || typeof sql !== 'string') {
      throw new ParameterError(
        `Option 'migrations': number ${index + 1} must be { name, sql }, both strings.`,
      )
    }
    if (seen.has(name)) throw new ParameterError(`Option 'migrations': two are named '${name}'.`)
    seen.add(name)
    return { name, sql }
  })
}
