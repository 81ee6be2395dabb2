import type { ToMember } from '../protocol/messages.ts'
import type { Bequest } from './bequest.ts'
import type { Ending } from './ending.ts'
import type { Feed } from './feed.ts'
import type { LiveQueries } from './live/live-queries.ts'
import type { PrimaryLink } from './primary-link.ts'
import type { Reads } from './reads.ts'
import type { Requests } from './requests.ts'
import type { Roster } from './roster.ts'

export type Welcome = Extract<ToMember, { type: 'welcome' }>

/** The parts of a member that a primary speaks to. */
export interface PrimaryEars {
  /** That of the primary which this member follows. */
  readonly epoch: number
  readonly link: Pick<PrimaryLink, 'heard' | 'announced' | 'announcement'>
  readonly feed: Pick<Feed, 'receive' | 'declareStable' | 'notice'>
  readonly reads: Pick<Reads, 'granted'>
  readonly requests: Pick<Requests, 'answered'>
  readonly roster: Pick<Roster, 'told'>
  readonly bequest: Pick<Bequest, 'sendPages'>
  readonly ending: Pick<Ending, 'deleted'>
  readonly live: Pick<LiveQueries, 'primaryHeard'>
  readonly welcomed: (message: Welcome) => void
}

/** Hands what the primary says to the part of the member that it is for. */
export function hearPrimary(message: ToMember, { epoch, link, feed, ...ears }: PrimaryEars): void {
  link.heard()
  ears.live.primaryHeard()
  switch (message.type) {
    case 'announce':
      return link.announced(message)
    case 'welcome':
      return ears.welcomed(message)
    case 'deleted':
      if (message.incarnation === link.announcement?.incarnation) ears.ending.deleted()
      return
    case 'stable':
      return feed.declareStable(message.epoch, message.version)
    case 'lease':
      if (message.epoch !== epoch) return
      feed.notice(message.version)
      return ears.reads.granted(message)
    case 'answer':
      if (message.epoch === epoch) ears.requests.answered(message)
      return
    case 'status':
      return ears.roster.told(message)
    case 'send-pages':
      return ears.bequest.sendPages(message.primary, message.from)
    case 'delta':
    case 'behind':
    case 'rebuild':
    case 'pages':
    case 'deltas':
    case 'gap':
      return feed.receive(message)
    default:
      return message satisfies never
  }
}
