import type { Clock } from './clock.ts'
import { createCoalescer } from './coalescer.ts'
import { describeError } from './describe-error.ts'
import type { InspectedDatabase } from './inspected-database.ts'
import { listTables } from './list-tables.ts'
import type { ResultsPanel } from './results-panel.ts'
import type { SqlPanel } from './sql-panel.ts'
import { createSqlRunner } from './sql-runner.ts'
import type { TablesPanel } from './tables-panel.ts'
import type { WhoPanel } from './who-panel.ts'

export interface Panels {
  readonly who: WhoPanel
  readonly tables: TablesPanel
  readonly sql: SqlPanel
  readonly results: ResultsPanel
}

/** One database on show, from the moment it is given until another is, or the element goes. */
export interface Inspection {
  run(sql: string): void
  stop(): void
  /** Repeats the last read as if something had been committed. */
  rerun(): void
  /** While paused nothing is asked of the database; what was missed is made up for on `resume`. */
  pause(): void
  resume(): void
  dispose(): void
}

/** Tabs come and go without a commit, ms. */
const STATUS_EVERY = 2000

/** Keeps the panels true to the database: after each commit, each event, and by the clock. */
export function createInspection(database: InspectedDatabase, panels: Panels, clock: Clock): Inspection {
  const { who, tables, sql: sqlPanel, results } = panels
  const runner = createSqlRunner({
    database,
    now: clock.now,
    onBusy: (busy) => sqlPanel.setBusy(busy),
    onOutcome: (outcome) => results.show(outcome),
  })

  const repetition = createCoalescer({
    task: () => runner.again(),
    gap: (lasted) => Math.max(100, lasted),
    clock,
  })
  const status = createCoalescer({ task: refreshStatus, gap: (lasted) => Math.max(250, lasted), clock })
  // A count reads a whole table: at most a fifth of the time may go into counting.
  const schema = createCoalescer({ task: refreshTables, gap: (lasted) => Math.max(250, 4 * lasted), clock })
  const coalescers = [repetition, status, schema]
  let disposed = false

  async function refreshStatus(): Promise<void> {
    try {
      const now = await database.status()
      if (!disposed) who.showStatus(now, database.storage)
    } catch (error) {
      const { code, message } = describeError(error, '')
      if (!disposed) who.showStatusError(`No status (${code}): ${message}`)
    }
  }

  async function refreshTables(): Promise<void> {
    try {
      const list = await listTables(database)
      if (!disposed) tables.show(list)
    } catch (error) {
      const { code, message } = describeError(error, '')
      if (!disposed) tables.showError(`No tables (${code}): ${message}`)
    }
  }

  let cancelTick: () => void = () => {}
  function tick(): void {
    status.request()
    cancelTick = clock.after(STATUS_EVERY, tick)
  }

  const stops = [
    database.onChange((change) => {
      who.showVersion(change.version)
      status.request()
      schema.request()
      if (sqlPanel.rerun) repetition.request()
    }),
    database.on('status', () => status.request()),
    database.on('storage', () => status.request()),
    database.on('outdated', () =>
      who.showNotice('This tab runs an older build than the database: reload it.'),
    ),
    database.on('deleted', () => who.showNotice('This database was deleted: what you see here is its past.')),
  ]
  who.showIdentity(database)
  schema.request()
  tick()

  return {
    run(sql) {
      void runner.run(sql, { write: sqlPanel.write })
    },
    stop: () => runner.stop(),
    rerun: () => repetition.request(),
    pause() {
      cancelTick()
      for (const coalescer of coalescers) coalescer.pause()
    },
    resume() {
      cancelTick()
      for (const coalescer of coalescers) coalescer.resume()
      tick()
    },
    dispose() {
      disposed = true
      cancelTick()
      for (const stop of stops) stop()
      for (const coalescer of coalescers) coalescer.dispose()
      runner.dispose()
    },
  }
}
