import { TuttiError, WorkerFailedError } from '../errors/errors.ts'
import { setAlarm } from './alarm.ts'
import type { PageClock } from './page-environment.ts'

const BOUND = 90_000

/**
 * Loads code that only some pages need.
 *
 * @param what needs it, as its caller calls it
 * @throws {WorkerFailedError} where it cannot be loaded, or not within 90 s; another call tries again
 */
export function loadCode<Code>(clock: PageClock, what: string, load: () => Promise<Code>): Promise<Code> {
  return new Promise((resolve, reject) => {
    const alarm = setAlarm(clock, BOUND, () =>
      reject(new WorkerFailedError(`What ${what} needs was not loaded within ${BOUND / 1000} s.`)),
    )
    load()
      .then(resolve, (error: unknown) => reject(asLoadError(what, error)))
      .finally(() => alarm.cancel())
  })
}

function asLoadError(what: string, error: unknown): TuttiError {
  if (error instanceof TuttiError) return error
  return new WorkerFailedError(
    `What ${what} needs could not be loaded: check that every file of this build is still served. ${String(error)}`,
    { cause: error },
  )
}
