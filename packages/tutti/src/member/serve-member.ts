import { serializeError } from '../errors/wire.ts'
import type { Port } from '../platform/platform.ts'
import type { FromMemberWorker, ToMemberWorker } from '../protocol/page-messages.ts'
import { Member } from './member.ts'
import type { MemberDeps } from './member-deps.ts'
import type { Replica } from './replica.ts'

export interface ServeMemberDeps extends Omit<MemberDeps, 'options' | 'page' | 'replica'> {
  /** `functions`: where the app's own are, if it has any. */
  readonly createReplica: (wasm: WebAssembly.Module, functions: string | null) => Promise<Replica>
}

/** Waits for the page's `init`, and is its member from then on; what the page says meanwhile is kept. */
export function serveMember(page: Port<FromMemberWorker, ToMemberWorker>, deps: ServeMemberDeps): void {
  const early: ToMemberWorker[] = []
  let hear = (message: ToMemberWorker): void => void early.push(message)
  page.onMessage((message) => {
    if (message.type !== 'init') return hear(message)
    deps.createReplica(message.wasm, message.functions).then(
      (replica) => {
        const member = new Member({ ...deps, options: message.options, page, replica })
        hear = (next) => member.hear(next)
        for (const kept of early.splice(0)) hear(kept)
      },
      (error: unknown) => page.post({ type: 'failed', error: serializeError(error) }),
    )
  })
}
