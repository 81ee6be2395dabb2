import type { StorageCorruptError } from '../errors/errors.ts'
import type { Platform, Port } from '../platform/platform.ts'
import type { FromPrimaryWorker, ToPrimaryWorker } from '../protocol/page-messages.ts'
import type { DurableKind, OpenStoreOptions } from '../storage/rungs.ts'
import type { Place, Store } from '../storage/store.ts'
import type { EngineDeps } from './core.ts'
import type { Engine } from './engine.ts'
import { Primary } from './primary.ts'

export interface ServePrimaryDeps {
  readonly platform: Platform
  readonly createEngine: (deps: Omit<EngineDeps, 'sqlite' | 'blobs'>) => Promise<Engine>
  readonly openStore: (place: Place, options: OpenStoreOptions) => Promise<Store>
  readonly deleteStore: (place: Place, kind: Store['kind']) => Promise<void>
  readonly quarantine: (place: Place, kind: DurableKind, at: number) => Promise<StorageCorruptError>
  readonly isRevoked: (url: string) => boolean
  /** Runs once what the start of a primary runs, for as long as it `goesOn`. */
  readonly rehearse: (goesOn: () => boolean) => Promise<void>
}

/** Who is wanted at once hears of it sooner, ms. */
const STANDS_BY = 20

/** Waits for its member's `start`, and is the primary from then on. */
export function servePrimary(member: Port<FromPrimaryWorker, ToPrimaryWorker>, deps: ServePrimaryDeps): void {
  const { platform } = deps
  let primary: Primary | undefined
  // Loaded, and waiting: whoever hears nothing from here on, once it is elected, knows that this worker is gone.
  member.post({ type: 'loaded' })
  const rehearsal = platform.clock.after(STANDS_BY, () => {
    // What fails here fails again in earnest, and is told then.
    deps.rehearse(() => primary === undefined).catch(() => undefined)
  })
  member.onMessage((message) => {
    if (message.type === 'hand-over') return primary?.handOver()
    if (message.type === 'to-primary') return primary?.hearHost(message.message)
    rehearsal.cancel()
    member.post({ type: 'working' })
    const { options } = message
    const { migrations, build, storage } = options
    const place = { user: options.names.user, database: options.names.database }
    primary = new Primary({
      platform,
      options,
      id: message.primary,
      host: message.member,
      expectedIncarnation: message.expectedIncarnation,
      openStore: (onRetry, mustExist) => deps.openStore(place, { rungs: storage, onRetry, mustExist }),
      deleteStore: (kind) => deps.deleteStore(place, kind),
      quarantine: (kind) => deps.quarantine(place, kind, platform.clock.wall()),
      createEngine: (store, { expectedIncarnation, onProgress, check }) =>
        deps.createEngine({
          store,
          clock: platform.clock,
          random: platform.random,
          options: { migrations, build, onProgress, check },
          expectedIncarnation,
        }),
      isRevoked: deps.isRevoked,
      tell: (told) => member.post(told),
    })
    void primary.run()
  })
}
