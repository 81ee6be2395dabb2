import { mark } from '../platform/marks.ts'
import type { Channel, Platform } from '../platform/platform.ts'
import type { EveryoneMessage, ToMember, ToPrimary } from '../protocol/messages.ts'
import type { DatabaseNames } from '../protocol/names.ts'
import type { PageDelta, Position } from '../protocol/values.ts'
import type { Store } from '../storage/store.ts'

/** How long live members may take to tell their positions or to send the next pages, ms. */
const PATIENCE = 1000
const PAGE = 4096

export interface RecoveryOptions {
  readonly platform: Platform
  readonly names: DatabaseNames
  readonly everyone: Channel<EveryoneMessage>
  readonly primary: string
  readonly store: Store
  readonly listen: (receive: (message: ToPrimary) => void) => void
}

/**
 * On memory storage the replicas are all that is left of a dead primary: the most advanced one is
 * copied into the new primary's empty file (R28).
 */
export async function recoverFromReplicas(options: RecoveryOptions): Promise<void> {
  const best = await mostAdvanced(options)
  if (best === undefined) return
  mark('the database begins from the pages of a replica')
  const { platform, names, store, primary, listen } = options
  const channel = platform.channels.open<ToMember>(names.inboxPrefix + best)
  try {
    for (let from = 1; ; ) {
      const delta = await within<PageDelta>(platform, (resolve) => {
        listen((message) => {
          if (message.type === 'pages' && message.member === best && message.from === from)
            resolve(message.delta)
        })
        channel.post({ type: 'send-pages', primary, from })
      })
      // That tab died too: ask the others.
      if (delta === undefined) return await recoverFromReplicas(options)
      delta.numbers.forEach((page, i) =>
        store.main.write(delta.bytes.subarray(i * PAGE, (i + 1) * PAGE), (page - 1) * PAGE),
      )
      from += delta.numbers.length
      if (from > delta.databaseSize || delta.numbers.length === 0) return
    }
  } finally {
    channel.close()
  }
}

async function mostAdvanced({
  platform,
  names,
  everyone,
  primary,
  listen,
}: RecoveryOptions): Promise<string | undefined> {
  const alive = new Set(
    (await platform.locks.held(names.memberLockPrefix)).map((name) =>
      name.slice(names.memberLockPrefix.length),
    ),
  )
  let best: { member: string; position: Position } | undefined
  await within<void>(platform, (resolve) => {
    listen((message) => {
      if (message.type !== 'position') return
      const { member, position } = message
      if (position !== null && (best === undefined || isAhead(position, best.position)))
        best = { member, position }
      alive.delete(member)
      if (alive.size === 0) resolve()
    })
    everyone.post({ type: 'positions', primary })
  })
  return best?.member
}

function isAhead(a: Position, b: Position): boolean {
  return a.epoch === b.epoch ? a.version > b.version : a.epoch > b.epoch
}

function within<T>(platform: Platform, start: (resolve: (value: T) => void) => void): Promise<T | undefined> {
  return new Promise((resolve) => {
    const timer = platform.clock.after(PATIENCE, () => resolve(undefined))
    start((value) => {
      timer.cancel()
      resolve(value)
    })
  })
}
