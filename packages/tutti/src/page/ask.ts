import type { Outcome } from '../errors/errors.ts'
import type { Call } from '../protocol/call.ts'
import type { CursorCall, FromMemberWorker } from '../protocol/page-messages.ts'

/** What a page asks of its member and gets one reply to. */
export type Ask =
  | { readonly type: 'call'; readonly call: Call | CursorCall }
  | { readonly type: 'status' }
  | { readonly type: 'export' }

export type Reply = Extract<FromMemberWorker, { readonly type: 'answer' | 'status' | 'exported' }>

export type Answer = Extract<Reply, { readonly type: 'answer' }>

/**
 * What is known of an ask that was sent and never answered; `undefined` where nothing can have been
 * written. Statements of an interactive transaction cannot outlive it: only its commit is in doubt.
 */
export function outcomeIfLost(ask: Ask): Outcome | undefined {
  if (ask.type !== 'call') return undefined
  switch (ask.call.op) {
    case 'statement':
      return ask.call.readonly === true ? undefined : 'unknown'
    case 'begin':
    case 'in-transaction':
    case 'rollback':
      return 'not-applied'
    case 'flush':
    case 'check':
    case 'pull':
    case 'release':
      return undefined
    case 'script':
    case 'batch':
    case 'commit':
    case 'import':
    case 'import-file':
    case 'destroy':
      return 'unknown'
  }
}

/** The page's own bound for an ask without a `timeout`, ms: past everything that the member allows. */
export function defaultBound(ask: Ask): number {
  const whole = ask.type === 'export' || (ask.type === 'call' && ask.call.op.startsWith('import'))
  return whole ? 600_000 : 120_000
}

/** A rollback is never too late: it only takes back what an earlier call of a closed handle began. */
export function isRollback(ask: Ask): boolean {
  return ask.type === 'call' && ask.call.op === 'rollback'
}
