import type { Call } from '../protocol/call.ts'
import { looksLike } from '../protocol/looks-like.ts'

/** Whether `call` belongs to the interactive transaction `tx`. */
export function isOfTransaction(call: Call, tx: string): boolean {
  switch (call.op) {
    case 'in-transaction':
    case 'commit':
    case 'rollback':
    case 'begin':
      return call.tx === tx
    default:
      return false
  }
}

/** The SQL text of a statement or script, for messages. */
export function sqlOf(call: Call): string | undefined {
  return call.op === 'statement' || call.op === 'script' ? call.sql : undefined
}

/** Anything but a read: of a member that lacks a commit, which is why it comes here, they are short, mostly (R11). */
export function mayTakeLong(call: Call): boolean {
  return call.op !== 'statement' || looksLike(call) !== 'read'
}
