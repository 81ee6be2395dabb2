const BOUND = 10_000

/** Resolves once `done` says so. @throws where it has not after ten seconds; `what` says what has not */
export async function poll(what: string, done: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + BOUND
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`not within ${BOUND / 1000} s: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
