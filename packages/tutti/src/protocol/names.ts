import { PROTOCOL } from './version.ts'

/** Every name under which the tabs of one database meet. */
export interface DatabaseNames {
  /** Encoded user and database name: file, directory and IndexedDB names. */
  readonly user: string
  readonly database: string
  /** Locks, without a protocol version: any two builds meet in one election (R4). */
  readonly candidateLock: string
  readonly primaryLock: string
  /** Who is likely to be elected next, and has a worker ready. */
  readonly standbyLock: string
  /** Who makes a backup, or deletes the database. */
  readonly backupLock: string
  /** Who runs what the app runs in one tab only: this prefix and the encoded name of it. */
  readonly exclusiveLockPrefix: string
  /** A member's life lock is this prefix and its id. */
  readonly memberLockPrefix: string
  readonly helloChannel: string
  readonly everyoneChannel: string
  /** The same of every older protocol. */
  readonly elderChannels: readonly string[]
  /** A member's or a primary's own channel is this prefix and its id. */
  readonly inboxPrefix: string
}

const LONGEST = 80

/**
 * The names for a user's database, as a build of `protocol` uses them. Two different pairs never share one, whatever their case,
 * length or characters (R3).
 */
export async function databaseNames(
  user: string,
  name: string,
  protocol: number = PROTOCOL,
): Promise<DatabaseNames> {
  const [encodedUser, encodedName] = await Promise.all([encodeName(user), encodeName(name)])
  const base = `tutti/${encodedUser}/${encodedName}`
  const everyone = (major: number) => `${base}/${major}/all`
  return {
    user: encodedUser,
    database: encodedName,
    candidateLock: `${base}/candidate`,
    primaryLock: `${base}/primary`,
    standbyLock: `${base}/standby`,
    backupLock: `${base}/backup`,
    exclusiveLockPrefix: `${base}/exclusive/`,
    memberLockPrefix: `${base}/member/`,
    helloChannel: `${base}/hello`,
    everyoneChannel: everyone(protocol),
    elderChannels: Array.from({ length: protocol - 1 }, (_, i) => everyone(i + 1)),
    inboxPrefix: `${base}/${protocol}/to/`,
  }
}

/**
 * Lower-case letters, digits and `-` stand for themselves, every other UTF-16 code unit becomes `_`
 * and four hexadecimal digits: injective also on file systems that ignore case. What grows too long
 * for a file name is cut and followed by `__` and its SHA-256, which no short name contains.
 */
export async function encodeName(name: string): Promise<string> {
  let encoded = ''
  for (let i = 0; i < name.length; i++) {
    const char = name.charAt(i)
    encoded += /[a-z0-9-]/.test(char) ? char : `_${name.charCodeAt(i).toString(16).padStart(4, '0')}`
  }
  if (encoded.length <= LONGEST) return encoded
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(encoded))
  const hex = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${encoded.slice(0, LONGEST / 2)}__${hex}`
}
