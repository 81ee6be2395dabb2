import type { Page } from 'playwright-core'
import { expect } from 'vitest'

const SLOW = { timeout: 20_000 }

/**
 * Closes the databases of all tabs and waits until nothing of them is left (I8): no worker, no lock held or
 * waited for, no handle on a file.
 */
export async function expectReleased(tabs: readonly Page[]): Promise<void> {
  await Promise.all(tabs.map((tab) => tab.evaluate(() => window.db.close())))
  for (const tab of tabs) await expect.poll(() => workersOf(tab), SLOW).toEqual([])
  const [first] = tabs
  if (first === undefined) return
  await expect.poll(() => locksOf(first), SLOW).toEqual([])
  await expect.poll(() => busyFiles(first), SLOW).toEqual([])
}

/** The addresses of a page's workers, asked of the browser: Playwright's own list has some that never started. */
async function workersOf(tab: Page): Promise<string[]> {
  const session = await tab.context().newCDPSession(tab)
  const workers: string[] = []
  session.on('Target.attachedToTarget', ({ targetInfo }) => {
    if (targetInfo.type === 'worker') workers.push(targetInfo.url)
  })
  await session.send('Target.setAutoAttach', {
    autoAttach: true,
    waitForDebuggerOnStart: false,
    flatten: true,
  })
  await session.detach()
  return workers
}

function locksOf(tab: Page): Promise<string[]> {
  return tab.evaluate(async () => {
    const { held = [], pending = [] } = await navigator.locks.query()
    return [...held, ...pending].map(({ name }) => name ?? '')
  })
}

/** The files of the origin-private file system on which somebody still has a handle. */
function busyFiles(tab: Page): Promise<string[]> {
  return tab.evaluate(async (source) => {
    if (!('getDirectory' in navigator.storage)) return []
    const url = URL.createObjectURL(new Blob([source], { type: 'text/javascript' }))
    const worker = new Worker(url)
    try {
      return await new Promise<string[]>((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data)
        worker.onerror = ({ message }) => reject(new Error(message))
      })
    } finally {
      worker.terminate()
      URL.revokeObjectURL(url)
    }
  }, TRY_EACH_FILE)
}

/** Exclusive handles can be had in workers only. */
const TRY_EACH_FILE = `
  const busy = []
  async function walk(folder) {
    for await (const [name, entry] of folder.entries()) {
      if (entry.kind === 'directory') await walk(entry)
      else await entry.createSyncAccessHandle().then((handle) => handle.close(), () => busy.push(name))
    }
  }
  navigator.storage.getDirectory().then(walk).then(() => postMessage(busy))`
