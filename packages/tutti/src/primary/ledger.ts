import { OutcomeUnknownError, RequestIdReusedError, ResultLostError } from '../errors/errors.ts'
import { mark } from '../platform/marks.ts'
import { isNamed, type RequestKey, requestIdOf } from '../protocol/request-key.ts'
import type { StatementResult } from '../protocol/values.ts'
import type { Connection } from '../sqlite/connection.ts'
import { restoreResults, storeResults } from './stored-results.ts'

/** Rows of members, and rows of ids that the app chose, which are kept for ever. */
export const LEDGER_TABLE = `
  create table tutti_ledger (
    owner text not null, seq integer not null, version integer not null,
    fingerprint text not null, gone integer not null default 0, results text,
    primary key (owner, seq)
  ) without rowid`

const INSERT =
  'insert into tutti_ledger (owner, seq, version, fingerprint, results) values (?1, ?2, ?3, ?4, ?5)'

/** A write that committed. */
export interface LedgerEntry {
  readonly results: readonly StatementResult[]
  /** Of its commit. */
  readonly version: number
}

/**
 * Which writes committed, and what they gave back, kept in the writes' own transactions (R14). Writes
 * nothing outside a transaction that its caller opened.
 */
export class Ledger {
  readonly #connection: Connection
  readonly #statements
  /** Members that are gone: whatever still comes under their name is never run (R15). */
  readonly #gone: Set<string>
  /** Up to where each member's rows were pruned: what is below was answered once, and is no new request. */
  readonly #pruned = new Map<string, number>()

  constructor(connection: Connection) {
    this.#connection = connection
    this.#statements = {
      find: connection.prepare(
        'select version, fingerprint, results from tutti_ledger where owner = ?1 and seq = ?2',
      ),
      insert: connection.prepare(INSERT),
      prune: connection.prepare('delete from tutti_ledger where owner = ?1 and seq <= ?2 and not gone'),
    }
    this.#gone = new Set(
      connection.rows('select owner from tutti_ledger where gone').map(([owner]) => String(owner)),
    )
  }

  /**
   * The entry under `key`, `undefined` if there is none. With a `fingerprint`, it must be of the same call.
   * @throws RequestIdReusedError, ResultLostError
   */
  find(key: RequestKey, fingerprint?: () => string): LedgerEntry | undefined {
    const { find } = this.#statements
    const row = find.all([key.owner, key.seq])[0]
    if (row === undefined) return undefined
    const [version, stored, results] = row
    const requestId = requestIdOf(key)
    if (fingerprint !== undefined && stored !== fingerprint()) {
      throw new RequestIdReusedError(
        `The request id ${requestId} was used before for another write: choose a new one`,
        { requestId, outcome: 'not-applied' },
      )
    }
    if (typeof results !== 'string') {
      throw new ResultLostError(
        `The write ${requestId} committed as version ${version}, but its rows were too many to be kept: read them anew`,
        { requestId },
      )
    }
    return { results: restoreResults(results), version: Number(version) }
  }

  /**
   * Why the write under `key` must not run, though it has no entry: it may have run already, or will never
   * be known to have. So it is for a key of another member, of one that is gone, or below what its member
   * said was answered (R15).
   */
  objection(key: RequestKey, member: string): OutcomeUnknownError | undefined {
    if (isNamed(key)) return undefined
    const settled = key.seq <= (this.#pruned.get(key.owner) ?? -1)
    if (key.owner === member && !this.#gone.has(key.owner) && !settled) return undefined
    mark('a request of one that is gone, or was answered, is not run')
    const requestId = requestIdOf(key)
    return new OutcomeUnknownError(
      `Whether the write ${requestId} happened is not known any more: look at the data before you repeat it under a new id`,
      { requestId, outcome: 'unknown' },
    )
  }

  /** Adds the entry of a write that is about to commit. */
  write(key: RequestKey, version: number, fingerprint: string, results: readonly StatementResult[]): void {
    this.#statements.insert.all([key.owner, key.seq, version, fingerprint, storeResults(results)])
  }

  /** Adds the entry of an import to its image, which becomes the database. */
  writeInto(image: Connection, key: RequestKey, version: number, fingerprint: string): void {
    image.rows(INSERT, [key.owner, key.seq, version, fingerprint, storeResults([])])
  }

  /** Drops what `member` will never ask again: everything up to `answered`, and by nothing else (R15). */
  prune(member: string, answered: number): void {
    this.#statements.prune.all([member, answered])
  }

  /** Call when the transaction of {@link prune} has committed. */
  pruned(member: string, answered: number): void {
    this.#pruned.set(member, Math.max(answered, this.#pruned.get(member) ?? -1))
  }

  /** Members with rows that are not in `live` and not yet known to be gone. */
  orphans(live: ReadonlySet<string>): string[] {
    const owners = this.#connection.rows(
      `select distinct owner from tutti_ledger where not gone and owner not like '#%'`,
    )
    return owners.map(([owner]) => String(owner)).filter((owner) => !live.has(owner))
  }

  /** Leaves the newest row of each of `owners`, as its tombstone (R15). */
  bury(owners: readonly string[]): void {
    for (const owner of owners) {
      mark('a member is buried')
      this.#connection.rows(
        'delete from tutti_ledger where owner = ?1 and seq < (select max(seq) from tutti_ledger where owner = ?1)',
        [owner],
      )
      this.#connection.rows('update tutti_ledger set gone = 1 where owner = ?1', [owner])
    }
  }

  /** Call when the transaction of {@link bury} has committed. */
  buried(owners: readonly string[]): void {
    for (const owner of owners) {
      this.#gone.add(owner)
      this.#pruned.delete(owner)
    }
  }
}
