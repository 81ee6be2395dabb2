import {
  AbortedError,
  DatabaseClosedError,
  ParameterError,
  TransactionTimeoutError,
} from '../errors/errors.ts'
import type { Call } from '../protocol/call.ts'
import type { Answer } from './ask.ts'
import { type CallOptions, checkDuration, checkOptions } from './call-options.ts'
import type { PageClock } from './page-environment.ts'
import { Transaction } from './transaction.ts'
import { TransactionCalls } from './transaction-calls.ts'

export interface TransactionOptions {
  /** How long the transaction may be open, ms: others wait meanwhile. Default 5000. */
  readonly timeout?: number
  /** How long it may wait for its next statement, ms. Default 1000. */
  readonly idle?: number
  /** Run the callback again where the primary died before the commit. Default `true`. */
  readonly retry?: boolean
  /** Aborting it rolls back. */
  readonly signal?: AbortSignal
  /** A key under which the transaction commits once; see {@link CallOptions.id}. */
  readonly id?: string
  /** What you call the reason of this write; see {@link CallOptions.cause}. */
  readonly cause?: string
}

/** What a transaction needs of its database. */
export interface TransactionHost {
  readonly clock: PageClock
  randomId(): string
  /** @param generation the member's life that the call belongs to; `undefined`: any */
  send(call: Call, options: CallOptions, generation?: number): Promise<Answer>
  /** Of the member's present life. */
  generation(): number
}

export type TransactionCallback<Result> = (tx: Transaction) => Promise<Result> | Result

type Settings = Required<Omit<TransactionOptions, 'signal' | 'id' | 'cause'>> &
  Pick<TransactionOptions, 'signal' | 'id' | 'cause'>

const TIMEOUT = 5_000
const IDLE = 1_000
const MOST_RUNS = 5
const ROLLBACK_BOUND = 2_000

/**
 * Runs the callback in a transaction and commits; its own error rolls back and is thrown on. The callback
 * runs again only where the transaction certainly did not commit because the primary was lost.
 */
export async function runTransaction<Result>(
  host: TransactionHost,
  callback: TransactionCallback<Result>,
  options?: TransactionOptions,
): Promise<Result> {
  const settings = checkTransaction(callback, options)
  for (let run = 1; ; run++) {
    const calls = new TransactionCalls()
    try {
      return await runOnce(host, callback, settings, calls)
    } catch (error) {
      const again = settings.retry && run < MOST_RUNS && settings.signal?.aborted !== true
      if (!again || !calls.lost) throw error
    }
  }
}

async function runOnce<Result>(
  host: TransactionHost,
  callback: TransactionCallback<Result>,
  settings: Settings,
  calls: TransactionCalls,
): Promise<Result> {
  const { timeout, idle, signal, id, cause } = settings
  const tx = host.randomId()
  const named = id === undefined ? {} : { id }
  const caused = cause === undefined ? {} : { cause }
  const signalled = signal === undefined ? {} : { signal }
  const rollback = async (generation: number): Promise<void> => {
    await host.send({ op: 'rollback', tx }, { timeout: ROLLBACK_BOUND }, generation).catch(() => undefined)
  }

  const begun = host.send({ op: 'begin', tx, timeout, idle }, { ...signalled, ...named })
  const generation = host.generation()
  try {
    await begun
  } catch (error) {
    // The answer may only be late, and then the transaction would stay open until its deadline.
    void rollback(generation)
    throw error
  }

  const transaction = new Transaction((call, own) =>
    calls.run(() => host.send({ op: 'in-transaction', tx, call }, { ...signalled, ...own }, generation)),
  )
  let result: Result
  try {
    result = await bounded(host.clock, settings, async () => {
      const value = await callback(transaction)
      await calls.finish()
      return value
    })
  } catch (error) {
    calls.end()
    await rollback(generation)
    throw error
  }
  try {
    await calls.runLast(() => host.send({ op: 'commit', tx }, { ...named, ...caused }, generation))
  } catch (error) {
    // A commit that was never sent leaves the transaction open.
    if (error instanceof DatabaseClosedError) void rollback(generation)
    throw error
  }
  return result
}

/** A callback that never ends must not leave the transaction's promise hanging. */
async function bounded<Result>(
  clock: PageClock,
  settings: Settings,
  run: () => Promise<Result>,
): Promise<Result> {
  const { timeout, signal } = settings
  return await new Promise<Result>((resolve, reject) => {
    const abort = (): void => {
      const details = { outcome: 'not-applied', cause: signal?.reason } as const
      reject(new AbortedError('The signal was aborted: the transaction was rolled back.', details))
    }
    const expire = (): void => {
      const message = `The callback did not end within ${timeout} ms: the transaction was rolled back.`
      reject(new TransactionTimeoutError(message, { outcome: 'not-applied' }))
    }
    if (signal?.aborted === true) return abort()
    const timer = clock.after(timeout, expire)
    signal?.addEventListener('abort', abort, { once: true })
    const end = (): void => {
      timer.cancel()
      signal?.removeEventListener('abort', abort)
    }
    run().finally(end).then(resolve, reject)
  })
}

function checkTransaction(callback: unknown, options: TransactionOptions = {}): Settings {
  if (typeof callback !== 'function') throw new ParameterError('transaction() needs a function.')
  const { idle = IDLE, retry = true, ...rest } = options
  checkDuration('idle', idle)
  if (typeof retry !== 'boolean') throw new ParameterError("Option 'retry' must be true or false.")
  const { timeout = TIMEOUT, ...checked } = checkOptions(rest, ['signal', 'timeout', 'id', 'cause'])
  return { ...checked, timeout, idle, retry }
}
