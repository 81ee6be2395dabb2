/** What a page loads with its first `runExclusive`, and no other page. */
export { browserLocks } from '../platform/browser.ts'
export { ExclusiveTurns } from './exclusive-turns.ts'
