const BOUND = 10_000

/** Resolves once `done` says so. @throws where it has not after ten seconds */
export async function poll(done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + BOUND
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`not within ${BOUND / 1000} s`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
