import type { PageDelta } from '../protocol/values.ts'
import type { TappedDelta } from '../storage/delta-queue.ts'
import type { Core } from './core.ts'
import { type Commit, EngineBroken } from './engine.ts'

/**
 * Commits the open transaction as the next version. `write` adds what belongs to it beside the app's own
 * writes. On any failure but EngineBroken everything is rolled back.
 */
export function commitVersion(core: Core, write: () => void): Commit {
  const { transactor, meta, runner, capture } = core
  let tapped: TappedDelta | null
  try {
    write()
    meta.writeNextVersion()
    tapped = transactor.commit()
  } catch (error) {
    if (!(error instanceof EngineBroken)) rollBack(core)
    throw error
  }
  runner.committed()
  meta.committed()
  const { complete, ...delta } = tapped ?? nothing(core)
  const changes = complete ? capture.take(delta) : capture.takeAll(core.files.readPages(1, 1).bytes)
  return { version: meta.version, delta, changes, rebuild: !complete }
}

/** Ends the open transaction without a trace. */
export function rollBack({ transactor, runner, capture }: Core): void {
  transactor.rollback()
  runner.rolledBack()
  capture.clear()
}

function nothing({ files }: Core): TappedDelta {
  const none: PageDelta = {
    numbers: new Uint32Array(),
    bytes: new Uint8Array(),
    databaseSize: files.databaseSize,
  }
  return { ...none, complete: true }
}
