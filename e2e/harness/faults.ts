import type { CDPSession, Page, Worker } from 'playwright-core'
import { rendererPid } from './processes.ts'

const sessions = new WeakMap<Page, CDPSession>()

/** The page's debugging session. It is kept: what is overridden through it ends with it. */
async function sessionOf(page: Page): Promise<CDPSession> {
  const session = sessions.get(page) ?? (await page.context().newCDPSession(page))
  sessions.set(page, session)
  return session
}

/** Crashes the page's renderer, and its workers with it; resolves once it is gone. */
export async function crash(page: Page): Promise<void> {
  const session = await sessionOf(page)
  const gone = page.waitForEvent('crash')
  // The renderer dies before it could answer.
  session.send('Page.crash').catch(() => {})
  await gone
}

/**
 * SIGKILLs the page's renderer; resolves once the browser has noticed.
 *
 * @param known its process, where it was asked before: it cannot be told from others while those are busy
 */
export async function killRenderer(page: Page, known?: number): Promise<void> {
  const pid = known ?? (await rendererPid(page))
  const gone = page.waitForEvent('crash')
  process.kill(pid, 'SIGKILL')
  await gone
}

/**
 * Ends the primary worker of a page from inside, and nothing else: its page is not told. Resolves once the
 * browser has ended it.
 */
export async function killPrimaryWorker(page: Page): Promise<void> {
  const worker = await primaryWorker(page)
  const gone = worker.waitForEvent('close')
  // The worker dies before it could answer.
  worker.evaluate(() => self.close()).catch(() => {})
  await gone
}

/** Lets a page's primary worker allocate until its renderer dies of it; resolves once the browser has noticed. */
export async function exhaustMemory(page: Page): Promise<void> {
  const worker = await primaryWorker(page)
  const gone = page.waitForEvent('crash')
  worker
    .evaluate(() => {
      const kept: number[][] = []
      for (;;) kept.push(Array.from({ length: 100_000 }, (_, index) => index + 0.5))
    })
    .catch(() => {})
  await gone
}

async function primaryWorker(page: Page): Promise<Worker> {
  for (const worker of page.workers()) {
    if ((await worker.evaluate(() => self.name)) === 'tutti-primary') return worker
  }
  throw new Error('this page has no primary worker')
}

/**
 * SIGSTOPs renderers while `during` runs: nothing in them runs, and what they hold they keep. They go on
 * afterwards, however it ends; a stopped process would outlive its browser.
 */
export async function whileStopped<T>(pids: readonly number[], during: () => Promise<T>): Promise<T> {
  for (const pid of pids) process.kill(pid, 'SIGSTOP')
  try {
    return await during()
  } finally {
    for (const pid of pids) process.kill(pid, 'SIGCONT')
  }
}

/**
 * Gives an origin a quota of so many bytes until `null` lifts it, or until the page is closed.
 * `navigator.storage.estimate()` keeps telling the old quota.
 */
export async function overrideQuota(page: Page, origin: string, bytes: number | null): Promise<void> {
  const session = await sessionOf(page)
  await session.send(
    'Storage.overrideQuotaForOrigin',
    bytes === null ? { origin } : { origin, quotaSize: bytes },
  )
}

/** Clears what an origin keeps of one kind, as the browser's own settings do: open handles go on without an error. */
export async function clearSiteData(
  page: Page,
  origin: string,
  kinds: 'all' | 'file_systems',
): Promise<void> {
  const session = await sessionOf(page)
  await session.send('Storage.clearDataForOrigin', { origin, storageTypes: kinds })
}
