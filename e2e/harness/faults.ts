import type { CDPSession, Page } from 'playwright-core'
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

/** SIGKILLs the page's renderer; resolves once the browser has noticed. */
export async function killRenderer(page: Page): Promise<void> {
  const pid = await rendererPid(page)
  const gone = page.waitForEvent('crash')
  process.kill(pid, 'SIGKILL')
  await gone
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
