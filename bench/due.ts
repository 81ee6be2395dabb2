import type { Visit } from './line.ts'
import type { Measure } from './measures/measure.ts'
import type { Peer } from './peers/list.ts'

/** Whether a peer is still to be visited. @param visits made so far, in this browser */
export function isDue(visits: readonly Visit[], measure: Measure, round: number, peer: Peer): boolean {
  if (measure.several === true && peer.tabs === 'one') return false
  // Whoever hung once would hang again.
  return !visits.some(
    (visit) =>
      visit.measure === measure.number && visit.peer === peer.name && (visit.round === round || visit.hangs),
  )
}
