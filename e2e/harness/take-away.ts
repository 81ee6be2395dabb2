import type { BrowserContext } from 'playwright-core'

/** Parts of the platform: `false` takes one away, from pages and workers alike. */
export interface Parts {
  readonly opfs?: boolean
  readonly indexedDB?: boolean
  readonly locks?: boolean
  readonly broadcastChannel?: boolean
}

// As in a browser without it: the name is missing, nothing throws. An insecure page has no StorageManager.
const REMOVALS: Readonly<Record<keyof Parts, string>> = {
  opfs: 'delete globalThis.StorageManager?.prototype.getDirectory;',
  // A worker has it from its prototype, a page has it itself.
  indexedDB:
    'for (let scope = globalThis; scope; scope = Object.getPrototypeOf(scope)) Reflect.deleteProperty(scope, "indexedDB");',
  locks: 'for (const scope of ["Navigator", "WorkerNavigator"]) delete globalThis[scope]?.prototype.locks;',
  broadcastChannel: 'delete globalThis.BroadcastChannel;',
}

/** Takes parts of the platform away from every page and worker opened from now on. */
export async function takeAway(context: BrowserContext, parts: Parts): Promise<void> {
  const source = Object.entries(REMOVALS)
    .filter(([part]) => parts[part as keyof Parts] === false)
    .map(([, removal]) => removal)
    .join('')
  if (source === '') return
  await context.addInitScript(source)
  await putBeforeScripts(context, () => source)
}

/**
 * Puts `source` in front of every script on its way, those of workers too, which init scripts do not reach.
 * Whether a script is a worker's cannot be seen here: on a page it runs once for each of its scripts.
 */
export async function putBeforeScripts(context: BrowserContext, source: () => string): Promise<void> {
  await context.route(
    (url) => /\.m?js$/.test(url.pathname),
    async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: `${source()}${await response.text()}` })
    },
  )
}
