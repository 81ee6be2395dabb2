import { type ChildProcess, spawn } from 'node:child_process'
import { type BrowserContext, chromium } from 'playwright-core'

const LISTENING = /DevTools listening on (\S+)/

/**
 * Starts Chromium without Playwright, and then attaches Playwright to it without its defaults: what Playwright
 * starts has no back/forward cache and no throttling, and what it attaches to otherwise has focus emulated, which
 * makes every page count as visible and a freeze do nothing. Attached like this a tab is hidden, frozen, throttled
 * and cached as a user's is, and can be driven as any other.
 */
export async function launchAttached(
  executable: string,
  profile: string,
  flags: readonly string[],
): Promise<BrowserContext> {
  const args = [...flags, '--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`]
  const child = spawn(executable, [...args, 'about:blank'], { stdio: ['ignore', 'ignore', 'pipe'] })
  const browser = await chromium.connectOverCDP(await endpointOf(child), { noDefaults: true })
  const [context] = browser.contexts()
  if (context === undefined) throw new Error('the browser has no profile')
  return context
}

/** What Chromium says on its standard error once it can be attached to. */
function endpointOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const endpoint = LISTENING.exec(said)?.[1]
      if (endpoint !== undefined) resolve(endpoint)
    })
    child.once('error', reject)
    child.once('exit', () => reject(new Error(`the browser ended:\n${said}`)))
  })
}
