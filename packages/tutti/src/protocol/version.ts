/**
 * The protocol's major: part of every channel name but the hello channel's (R4). Raise it when a
 * message of `messages.ts` changes shape or meaning.
 */
export const PROTOCOL = 2

/** Tutti's own version, as `db.status()` shows it for each member. */
export const TUTTI_VERSION = '0.1.0'
