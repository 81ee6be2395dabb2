import type { Port } from '../platform/platform.ts'
import type { FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'
import type { Change } from './feed.ts'
import type { LiveQueries } from './live/live-queries.ts'
import { toChange } from './to-change.ts'

/** Tells the page of a commit that can be read now, and the live queries, which may have to run again. */
export function tellChange(
  change: Change,
  member: string,
  page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>,
  live: LiveQueries,
): void {
  const { changes, by } = change
  // Tutti's own housekeeping is nobody's change.
  if (by === '' && !changes.all) return
  const origin = by === member ? 'self' : 'tab'
  page.post({ type: 'change', change: toChange({ ...change, origin }) })
  live.changed(change)
}
