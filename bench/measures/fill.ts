import type { Stage } from '../stage.ts'

/** Bytes that a tune takes in a SQLite file, its place in the index included. */
const TUNE_BYTES = 185
const AT_ONCE = 20_000

/** How many tunes make a database of so many MB. */
export function tunesFor(megabytes: number): number {
  return Math.round((megabytes * 1e6) / TUNE_BYTES)
}

/** A database of about that size that nobody has open. */
export async function newDatabaseOf(stage: Stage, megabytes: number): Promise<string> {
  const { tab, name } = await stage.create()
  const count = tunesFor(megabytes)
  for (let from = 1; from <= count; from += AT_ONCE) {
    const more = Math.min(AT_ONCE, count + 1 - from)
    await tab.evaluate(([id, n]) => window.bench.bulk(id, n), [from, more] as const)
  }
  await stage.clear()
  return name
}
