import type { BrowserContext } from 'playwright-core'

// As in a browser without it: the name is missing, nothing throws. An insecure page has no StorageManager.
const removal = 'delete globalThis.StorageManager?.prototype.getDirectory;'

/**
 * Takes the origin-private file system away from every page and worker opened from now on. Init scripts do
 * not reach workers, so every script gets the removal put in front of it on its way; whether a script is a
 * worker's cannot be seen here, and on a page it does no harm.
 */
export async function withoutOpfs(context: BrowserContext): Promise<void> {
  await context.addInitScript(removal)
  await context.route(
    (url) => /\.m?js$/.test(url.pathname),
    async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${removal}${await response.text()}` })
    },
  )
}
