import type { BrowserContext } from 'playwright-core'

// As in a browser without it: the name is missing, nothing throws. An insecure page has no StorageManager.
export const OPFS = 'delete globalThis.StorageManager?.prototype.getDirectory;'
// A worker has it from its prototype, a page has it itself.
export const INDEXED_DB =
  'for (let scope = globalThis; scope; scope = Object.getPrototypeOf(scope)) Reflect.deleteProperty(scope, "indexedDB");'

/**
 * Takes parts of the platform away from every page and worker opened from now on. Init scripts do not reach
 * workers, so every script gets the removals put in front of it on its way; whether a script is a worker's
 * cannot be seen here, and on a page it does no harm.
 */
export async function takeAway(context: BrowserContext, removals: readonly string[]): Promise<void> {
  const removal = removals.join('')
  await context.addInitScript(removal)
  await context.route(
    (url) => /\.m?js$/.test(url.pathname),
    async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${removal}${await response.text()}` })
    },
  )
}
