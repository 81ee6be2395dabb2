/** What a history can do wrong, each with its meaning. */
export const VIOLATIONS = {
  'lost-write': 'an acknowledged write is not in the log',
  'double-apply': 'one request is in the log twice',
  'came-from-nowhere': 'the log has a request that nobody made',
  'false-not-applied': 'a write that was reported as not applied is in the log',
  'split-brain': 'version or epoch do not rise in the order of the log',
  'wrong-version': 'an answer gives another version than the log or another answer to the same request',
  'wrong-result': 'an answer gives other values than its transaction wrote',
  'late-write': 'a write has a version that was known before it was asked for',
  'not-serializable':
    'a transaction read what was not there just before its own version: a lost update or write skew',
  'stale-read': 'a read gives an older version than was known when it was asked for',
  'impossible-read': 'a read saw what the database never held at that version',
  'future-read': 'a read contains a write that was asked for after the read was answered',
  'out-of-order': 'calls of one handle took effect in another order than they were made',
  malformed: 'the history itself makes no sense',
} as const

export type ViolationKind = keyof typeof VIOLATIONS

export interface Violation {
  readonly kind: ViolationKind
  readonly detail: string
}
