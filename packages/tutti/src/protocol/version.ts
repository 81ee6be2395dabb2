/**
 * The protocol's major: part of every channel name but the hello channel's (R4). Raise it when a message
 * between tabs changes its shape or its meaning, or one of Tutti's own tables does;
 * `protocol/pinned.test.ts` fails until then.
 */
export const PROTOCOL = 2

/**
 * The oldest protocol whose builds may still open files that this build has written. Raise it to
 * {@link PROTOCOL} with a change of Tutti's own tables that an older build would misread or undo. It is
 * kept in the database: a build below it is refused there (R4.1). 0.1.0 does not look at it yet.
 */
export const PROTOCOL_FLOOR = 1

/** Tutti's own version, as `db.status()` shows it for each member. */
export const TUTTI_VERSION = '0.2.0'

/** What other tabs have to know of a build of Tutti. */
export interface Build {
  readonly version: string
  readonly protocol: number
  /** {@link PROTOCOL_FLOOR} of that build. */
  readonly floor: number
}

/** This one. It comes from the page, for all its workers to be of one mind. */
export const BUILD: Build = { version: TUTTI_VERSION, protocol: PROTOCOL, floor: PROTOCOL_FLOOR }
