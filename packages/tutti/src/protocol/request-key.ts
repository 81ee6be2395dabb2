import { count, type Infer, object, text } from './schema.ts'

/**
 * The key under which the ledger keeps one write. `owner` is a member's id with a rising `seq`, or
 * `#` and the id that the app chose, with `seq` 0. Both print as the one string that errors carry.
 */
export type RequestKey = Infer<typeof requestKeySchema>

export const requestKeySchema = object({ owner: text, seq: count })

const AUTOMATIC = /^([0-9a-f]{32}):(\d{1,15})$/

/** The key an app means by `{ id }`: one of its own, or an automatic one that an error told it. */
export function parseRequestId(id: string): RequestKey {
  const match = AUTOMATIC.exec(id)
  return match === null ? { owner: `#${id}`, seq: 0 } : { owner: match[1] as string, seq: Number(match[2]) }
}

export function requestIdOf(key: RequestKey): string {
  return isNamed(key) ? key.owner.slice(1) : `${key.owner}:${key.seq}`
}

/** True for an id that the app chose: it is kept for ever, and any member may ask it. */
export function isNamed(key: RequestKey): boolean {
  return key.owner.startsWith('#')
}
