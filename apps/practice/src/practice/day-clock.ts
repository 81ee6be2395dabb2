import { type Accessor, createEffect, createSignal, onCleanup } from 'solid-js'

/** Longer timeouts overflow; and the clock of a laptop that slept has jumped anyway. */
const LONGEST_WAIT_MS = 3_600_000

/**
 * The time, looked at again when `until` passes and when the page comes back into view, which is all that a
 * page about days needs.
 *
 * @param until UTC instant of the next moment that matters, if there is one
 */
export function createDayClock(until: Accessor<string | undefined>): Accessor<Date> {
  const [now, setNow] = createSignal(new Date())
  const look = (): void => {
    setNow(new Date())
  }
  createEffect(() => {
    const end = until()
    if (end === undefined) return
    const wait = Date.parse(end) - now().getTime()
    if (wait <= 0) return
    const timer = setTimeout(look, Math.min(wait, LONGEST_WAIT_MS))
    onCleanup(() => clearTimeout(timer))
  })
  document.addEventListener('visibilitychange', look)
  onCleanup(() => document.removeEventListener('visibilitychange', look))
  return now
}
