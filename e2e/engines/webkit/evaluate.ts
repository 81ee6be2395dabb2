/** How long one question for the outcome of an evaluation may hold up other tabs' commands, ms. */
const ASK_FOR = 50

type Ask = (script: string, args: readonly unknown[]) => Promise<unknown>

interface Outcome {
  readonly value?: unknown
  readonly error?: { readonly name: string; readonly message: string }
}

// Functions are sent as text, so they use nothing of this module.
const begin = `
  const [source, given, id] = arguments
  const outcomes = (window.engineOutcomes ??= new Map())
  outcomes.set(id, (async () => ({ value: await (0, eval)('(' + source + ')')(given) }))()
    .catch((error) => ({ error: { name: String(error?.name), message: String(error?.message ?? error) } })))`

const ask = `
  const [id, wait, done] = arguments
  const outcome = window.engineOutcomes?.get(id)
  if (outcome === undefined) done({ error: { name: 'AbortError', message: 'the page is gone' } })
  else {
    const timer = new Promise((resolve) => setTimeout(resolve, wait))
    Promise.race([outcome, timer]).then((found) => {
      if (found !== undefined) window.engineOutcomes.delete(id)
      done(found ?? null)
    })
  }`

let ids = 0

/**
 * Evaluates a function in a page by WebDriver, which runs one command at a time: it is begun, and then asked
 * for, so that evaluations in several tabs can wait for each other.
 *
 * @param sync runs a script of WebDriver's `execute/sync` in the tab
 * @param async likewise of `execute/async`
 */
export async function evaluate(sync: Ask, async: Ask, source: string, given: unknown): Promise<unknown> {
  const id = ++ids
  await sync(begin, [source, given ?? null, id])
  for (;;) {
    const outcome = (await async(ask, [id, ASK_FOR])) as Outcome | null
    if (outcome === null) continue
    if (outcome.error === undefined) return outcome.value
    throw Object.assign(new Error(outcome.error.message), { name: outcome.error.name })
  }
}
