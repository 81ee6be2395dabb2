import type { EveryoneMessage } from '../protocol/messages.ts'
import type { Acknowledgements } from './acknowledgements.ts'
import type { Bequest } from './bequest.ts'
import type { Duty } from './duty.ts'
import type { Ending } from './ending.ts'
import type { PrimaryLink } from './primary-link.ts'
import type { Reads } from './reads.ts'
import type { Roster } from './roster.ts'
import type { Upgrade } from './upgrade.ts'

/** The parts of a member that are spoken to on the channel of all. */
export interface EveryonesEars {
  /** That of the primary which this member follows. */
  readonly epoch: number
  readonly link: Pick<PrimaryLink, 'announced' | 'announcement' | 'heard' | 'joined'>
  readonly acknowledgements: Pick<Acknowledgements, 'hurry'>
  readonly reads: Pick<Reads, 'current'>
  readonly roster: Pick<Roster, 'heard'>
  readonly upgrade: Pick<Upgrade, 'rosterTold'>
  readonly duty: Pick<Duty, 'candidateSeen' | 'rosterChanged'>
  readonly bequest: Pick<Bequest, 'tellPosition'>
  readonly ending: Pick<Ending, 'deleted'>
  readonly statusChanged: () => void
}

/** Hands what is said on the channel of all to the part of the member that it is for. */
export function hearEveryone(message: EveryoneMessage, { epoch, link, duty, ...ears }: EveryonesEars): void {
  switch (message.type) {
    case 'who':
      return
    case 'candidate':
      return duty.candidateSeen()
    case 'announce':
      return link.announced(message)
    case 'current':
      link.heard()
      if (message.epoch !== epoch || !link.joined) return
      ears.acknowledgements.hurry()
      return ears.reads.current(message)
    case 'roster':
      ears.roster.heard(message.members, message.epoch)
      ears.upgrade.rosterTold(message.members)
      duty.rosterChanged()
      return ears.statusChanged()
    case 'deleted':
      if (message.incarnation === link.announcement?.incarnation) ears.ending.deleted()
      return
    case 'positions':
      return ears.bequest.tellPosition(message.primary)
    default:
      return message satisfies never
  }
}
