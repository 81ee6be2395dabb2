import type { Stage } from '../stage.ts'

/** Bytes that a tune takes in a SQLite file, its place in the index included. */
const TUNE_BYTES = 185
const AT_ONCE = 20_000
/** Whoever takes longer than so many ms to be filled is not measured with so much. */
const LONGEST = 60_000

/** How many tunes make a database of so many MB. */
export function tunesFor(megabytes: number): number {
  return Math.round((megabytes * 1e6) / TUNE_BYTES)
}

/**
 * A database of about that size that nobody has open: made the first time, and then the same one.
 *
 * @throws where that takes too long
 */
export function databaseOf(stage: Stage, megabytes: number): Promise<string> {
  return stage.kept(`${megabytes} MB`, async () => {
    const { tab, name } = await stage.create()
    const started = performance.now()
    const count = tunesFor(megabytes)
    for (let from = 1; from <= count; from += AT_ONCE) {
      if (performance.now() - started > LONGEST) {
        await stage.clear()
        throw new Error(`${megabytes} MB and more left out: writing them takes over ${LONGEST / 1000} s`)
      }
      const more = Math.min(AT_ONCE, count + 1 - from)
      await tab.evaluate(([id, n]) => window.bench.bulk(id, n), [from, more] as const)
    }
    await stage.clear()
    return name
  })
}
