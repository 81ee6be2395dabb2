import { serializeError } from '../errors/wire.ts'
import type { Port } from '../platform/platform.ts'
import { type DatabaseNames, databaseNames } from '../protocol/names.ts'
import type { FromMemberPost, MemberOptions, ToMemberWorker } from '../protocol/page-messages.ts'
import { REPLICA_BUDGET } from './feed.ts'
import { Member } from './member.ts'
import type { MemberDeps } from './member-deps.ts'
import { MirroredReplica } from './mirrored-replica.ts'
import { PageCopy } from './page-copy.ts'
import { PagePosts } from './page-posts.ts'
import { FIRST_WORKER } from './primary-host.ts'
import type { Replica } from './replica.ts'

export interface ServeMemberDeps
  extends Omit<MemberDeps, 'options' | 'page' | 'flushPage' | 'prepared' | 'replica' | 'copy'> {
  /** `functions`: where the app's own are, if it has any. */
  readonly createReplica: (wasm: WebAssembly.Module, functions: string | null) => Promise<Replica>
}

/** Waits for the page's `init`, and is its member from then on; what the page says meanwhile is kept. */
export function serveMember(page: Port<FromMemberPost, ToMemberWorker>, deps: ServeMemberDeps): void {
  const early: ToMemberWorker[] = []
  let hear = (message: ToMemberWorker): void => void early.push(message)
  page.onMessage((message) => {
    if (message.type !== 'init') return hear(message)
    const { user, name, build } = message.options
    databaseNames(user, name, build.protocol)
      .then(async (names) => {
        // First the question: SQLite's start keeps this thread busy, and the answer waiting.
        const preparing = prepare(page, deps, names)
        const making = deps.createReplica(message.wasm, message.functions)
        const [prepared, replica] = await Promise.all([preparing, making])
        return { names, prepared, replica }
      })
      .then(
        ({ names, prepared, replica }) => {
          const options = { ...message.options, names }
          const posts = new PagePosts(page)
          const flushPage = (): void => posts.flush()
          const member = new Member({
            ...deps,
            options,
            flushPage,
            prepared,
            ...withCopy(options, posts, replica),
          })
          hear = (next) => member.hear(next)
          for (const kept of early.splice(0)) hear(kept)
        },
        (error: unknown) => page.post({ type: 'failed', error: serializeError(error) }),
      )
  })
}

/** Where nobody serves, this tab is likely to: its primary worker loads while the member does. */
async function prepare(
  page: Port<FromMemberPost, ToMemberWorker>,
  { platform }: ServeMemberDeps,
  { candidateLock }: DatabaseNames,
): Promise<boolean> {
  const held = await platform.locks.held(candidateLock)
  if (held.includes(candidateLock)) return false
  page.post({ type: 'start-primary', n: FIRST_WORKER })
  return true
}

/** With `syncReads` the page has a copy of its own, which follows the replica. */
function withCopy(
  options: MemberOptions,
  page: PagePosts,
  replica: Replica,
): Pick<MemberDeps, 'page' | 'replica' | 'copy'> {
  if (!options.syncReads) return { page, replica }
  const copy = new PageCopy(page, options.replica === 'auto' ? REPLICA_BUDGET : Number.POSITIVE_INFINITY)
  return { page: copy, replica: new MirroredReplica(replica, copy), copy }
}
