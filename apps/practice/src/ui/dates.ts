const DAY_MS = 86_400_000

/** "today", "yesterday", "in 4 days": whole days between two instants, in words. */
export function relativeDay(instant: string, now: Date): string {
  const days = Math.round((startOfDay(new Date(instant)) - startOfDay(now)) / DAY_MS)
  const format = new Intl.RelativeTimeFormat('en', { numeric: 'auto' })
  if (Math.abs(days) < 30) return format.format(days, 'day')
  if (Math.abs(days) < 365) return format.format(Math.round(days / 30), 'month')
  return format.format(Math.round(days / 365), 'year')
}

/** "Fri, 12 Jun": in the zone of this browser. */
export function shortDate(instant: string): string {
  return new Intl.DateTimeFormat('en-GB', { weekday: 'short', day: 'numeric', month: 'short' }).format(
    new Date(instant),
  )
}

/** "Friday 12 June", the middle of a window, so that no zone makes it the day before. */
export function longDate(startUtc: string, endUtc: string): string {
  const middle = (Date.parse(startUtc) + Date.parse(endUtc)) / 2
  return new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' }).format(middle)
}

/** "4 d", "3 mo": an interval that fits under a button. */
export function shortInterval(days: number): string {
  if (days < 60) return `${days} d`
  if (days < 365) return `${Math.round(days / 30)} mo`
  return `${(days / 365).toFixed(1)} y`
}

function startOfDay(date: Date): number {
  return Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())
}
