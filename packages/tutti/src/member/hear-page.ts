import type { Lifecycle, ToMemberWorker } from '../protocol/page-messages.ts'
import type { Calls } from './calls.ts'
import type { Duty } from './duty.ts'
import type { LiveQueries } from './live/live-queries.ts'

/** The parts of a member that a page speaks to. */
export interface PageEars {
  readonly calls: Calls
  readonly live: LiveQueries
  readonly duty: Duty
  readonly follow: (state: Lifecycle) => void
  readonly entitle: (title: { readonly url: string; readonly title: string }) => void
  readonly suspect: () => void
  readonly leave: () => void
}

/** Hands a message of the page to the part that it is for. */
export function hearPage(message: ToMemberWorker, { calls, live, duty, ...ears }: PageEars): void {
  switch (message.type) {
    case 'init':
      return
    case 'call':
      return calls.call(message)
    case 'cancel':
      return calls.cancel(message.n)
    case 'live':
      return live.start(message)
    case 'live-stop':
      return live.stop(message.n)
    case 'status':
      return calls.tellStatus(message.n)
    case 'export':
      return void calls.export(message.n)
    case 'lifecycle':
      return ears.follow(message.state)
    case 'damaged':
      return ears.suspect()
    case 'title':
      return ears.entitle(message)
    case 'primary-started':
      return duty.primaryStarted(message.n, message.port)
    case 'primary-ended':
      return duty.primaryEnded(message.n)
    case 'leave':
      return ears.leave()
    default:
      return message satisfies never
  }
}
