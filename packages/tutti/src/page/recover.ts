import { createEnvironment } from './environment.ts'
import { loadCode } from './load-code.ts'
import type { PageEnvironment } from './page-environment.ts'
import type { RecoverOptions, Recovery } from './recovery.ts'

/** Makes a `recover` for a page of one's own: tests give it a scripted one. */
export function createRecover(
  createPage: () => PageEnvironment,
): (options: RecoverOptions) => Promise<Recovery> {
  let page: PageEnvironment | undefined
  return async (options) => {
    page ??= createPage()
    const { recoverWith } = await loadCode(page.clock, 'recover()', page.code.recovery)
    return await recoverWith(page, options)
  }
}

/**
 * What is left of a database that cannot be opened because its file is damaged. Needs no open database, and
 * changes nothing by itself.
 *
 * @throws {ParameterError} naming an option that cannot be used
 * @throws {WorkerFailedError} where a worker could not be started
 *
 * @example
 * import { open, recover, StorageCorruptError } from 'tutti'
 *
 * try {
 *   await open({ user: 'u-9002' })
 * } catch (error) {
 *   if (!(error instanceof StorageCorruptError)) throw error
 *   const recovery = await recover({ user: 'u-9002' })
 *   const [latest] = recovery.backups
 *   if (latest !== undefined) await recovery.restore(latest)
 * }
 */
export const recover: (options: RecoverOptions) => Promise<Recovery> =
  /* @__PURE__ */ createRecover(createEnvironment)
