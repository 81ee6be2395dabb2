/** Set `TUTTI_SEED` to run one seed alone, `TUTTI_SEEDS` to run more of them than a test asks for. */
const environment = process.env

/** Whether tests run all the seeds that they ask for, or more. */
export const allSeeds = environment.TUTTI_SEED === undefined && environment.TUTTI_SEEDS === undefined

/** The seeds that a test is to run: `pinned` ones, which failed once, and the first `count`. */
export function seeds(count: number, pinned: readonly number[] = []): readonly number[] {
  const { TUTTI_SEED: only, TUTTI_SEEDS: many } = environment
  if (only !== undefined) return [Number(only)]
  const fresh = Array.from({ length: many === undefined ? count : Number(many) }, (_, index) => index + 1)
  return [...new Set([...pinned, ...fresh])]
}

/** Runs `run` for each seed; the first to fail is named, with how to run it again. */
export async function forEachSeed(
  list: readonly number[],
  run: (seed: number) => Promise<void>,
): Promise<void> {
  for (const seed of list) {
    try {
      await run(seed)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new Error(`failed with TUTTI_SEED=${seed}: ${reason}`, { cause: error })
    }
  }
}
