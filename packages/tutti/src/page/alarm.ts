import type { Timer } from '../platform/platform.ts'
import type { PageClock } from './page-environment.ts'

const GRACE = 5_000
const LATE = 1_000
const LONGEST = 2 ** 31 - 1

/**
 * Calls back after `ms`. A tab that slept past that moment gets 5 s more, once, because on waking it
 * sees its timers before the messages that wait for it.
 */
export function setAlarm(clock: PageClock, ms: number, callback: () => void): Timer {
  const wait = Math.min(ms, LONGEST)
  const due = clock.mono() + wait
  let timer = clock.after(wait, () => {
    if (clock.mono() - due > LATE) timer = clock.after(GRACE, callback)
    else callback()
  })
  return { cancel: () => timer.cancel() }
}
