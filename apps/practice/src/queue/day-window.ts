/** One local day of the user, as a half-open span of UTC instants. */
export interface DayWindow {
  readonly startUtc: string
  readonly endUtc: string
}

/** What the clock on the wall shows at an instant, as if that were UTC; both in ms. */
type WallClock = (instant: number) => number

const DAY_MS = 86_400_000

/** By time zone: making a formatter costs a hundred times what using it does. */
const clocks = new Map<string, WallClock>()

/**
 * The local day that holds `now` in an IANA time zone. `dayOffset` moves it by whole local days, which last
 * 23 or 25 hours where the clocks change.
 *
 * @throws RangeError for a time zone that this browser does not know
 */
export function dayWindow(now: Date, timeZone: string, dayOffset = 0): DayWindow {
  const clock = clockOf(timeZone)
  const today = Math.floor(clock(now.getTime()) / DAY_MS) * DAY_MS + dayOffset * DAY_MS
  return {
    startUtc: new Date(startOfLocalDay(today, clock)).toISOString(),
    endUtc: new Date(startOfLocalDay(today + DAY_MS, clock)).toISOString(),
  }
}

/** The zone of this browser: what a new user's profile starts with. */
export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone
}

/**
 * The first instant of a local day, given as the UTC midnight of the same date. Both offsets around it are
 * tried, because a change of clocks may skip or repeat midnight itself.
 */
function startOfLocalDay(utcMidnight: number, clock: WallClock): number {
  const instants = [utcMidnight - DAY_MS, utcMidnight + DAY_MS]
    .map((near) => utcMidnight - (clock(near) - near))
    .filter((instant) => Math.floor(clock(instant) / DAY_MS) * DAY_MS === utcMidnight)
  return Math.min(...instants)
}

function clockOf(timeZone: string): WallClock {
  const clock = clocks.get(timeZone) ?? wallClock(timeZone)
  clocks.set(timeZone, clock)
  return clock
}

function wallClock(timeZone: string): WallClock {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map((part) => [part.type, Number(part.value)]))
    const of = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0
    return Date.UTC(of('year'), of('month') - 1, of('day'), of('hour'), of('minute'), of('second'))
  }
}
