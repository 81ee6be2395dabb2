import type { Platform, Port } from '../platform/platform.ts'
import type {
  FromMemberWorker,
  FromPrimaryWorker,
  MemberOptions,
  ToMemberWorker,
  ToPrimaryWorker,
} from '../protocol/page-messages.ts'
import type { DurableKind } from '../storage/rungs.ts'
import type { Shelf } from '../storage/shelf.ts'
import type { PageCopy } from './page-copy.ts'
import type { Replica } from './replica.ts'

/** What a member is put together from. */
export interface MemberDeps {
  readonly platform: Platform
  readonly options: MemberOptions
  readonly page: Pick<Port<FromMemberWorker, ToMemberWorker>, 'post'>
  /** Sends the page what waits to be sent with what follows it. */
  readonly flushPage: () => void
  readonly replica: Replica
  /** Present with `syncReads`: what `page` and `replica` go through on their way to the page's own copy. */
  readonly copy?: PageCopy
  /** The page was asked for a primary worker already. */
  readonly prepared: boolean
  readonly adoptPort: (port: MessagePort) => Port<ToPrimaryWorker, FromPrimaryWorker>
  readonly isRevoked: (url: string) => boolean
  /** Where databases of a kind are kept, and how many bytes still fit: for backups. */
  readonly shelf: (kind: DurableKind) => Promise<Shelf>
  readonly room: () => Promise<number | undefined>
}
