import { AbortedError, StatementTimeoutError } from '../../src/errors/errors.ts'
import type { SimulatedContext } from '../../src/platform/simulated.ts'
import type { Engine, Limits } from '../../src/primary/engine.ts'
import type { StatementCall } from '../../src/protocol/call.ts'

const TAKES = /\/\* takes (\d+) ms \*\//g
/** How often a running statement shows progress, ms. */
const STEP = 50

/**
 * An engine whose statements take the simulated time that a comment in their SQL asks for, with a call of
 * the progress handler in each step, as SQLite makes it.
 */
export function slowEngine(engine: Engine, context: SimulatedContext, onProgress: () => void): Engine {
  const take = (call: StatementCall, { deadline, cancelled }: Limits): void => {
    const { clock } = context.platform
    for (let left = timeOf(call); left > 0; left -= STEP) {
      context.spend(Math.min(STEP, left))
      onProgress()
      const details = { outcome: 'not-applied' } as const
      if (cancelled()) throw new AbortedError('The signal was aborted.', details)
      if (clock.mono() >= deadline) throw new StatementTimeoutError('The statement took too long.', details)
    }
  }
  return overriding(engine, {
    execute(call, request, limits) {
      // What the ledger answers does not run again.
      if (engine.recall(request.key) === undefined) take(call, limits)
      return engine.execute(call, request, limits)
    },
    inTransaction(call, limits) {
      take(call, limits)
      return engine.inTransaction(call, limits)
    },
  })
}

/** `engine` with some methods replaced. */
export function overriding(engine: Engine, methods: Partial<Engine>): Engine {
  return new Proxy(engine, {
    get(target, name) {
      const own: unknown = Reflect.get(methods, name)
      if (own !== undefined) return own
      const value: unknown = Reflect.get(target, name, target)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

function timeOf(call: StatementCall): number {
  const sql = call.op === 'batch' ? call.statements.map((statement) => statement.sql).join('\n') : call.sql
  let time = 0
  for (const [, ms] of sql.matchAll(TAKES)) time += Number(ms)
  return time
}
