import type { BrowserContext, CDPSession, Page } from 'playwright-core'

interface ProcessInfo {
  readonly type: string
  readonly id: number
  readonly cpuTime: number
}

/** The pid of the browser's root process. */
export async function browserPid(context: BrowserContext): Promise<number> {
  return withBrowserSession(context, async (session) => {
    const root = (await listProcesses(session)).find((process) => process.type === 'browser')
    if (root === undefined) throw new Error('the browser does not name its own process')
    return root.id
  })
}

/**
 * The pid of the process that runs a page and its workers. The page burns processor time, and the renderer
 * whose time grew is it: comparing lists of pids would find spare renderers. Another renderer may be starting
 * up meanwhile, so it is asked again until one stands out.
 */
export async function rendererPid(page: Page): Promise<number> {
  return withBrowserSession(page.context(), async (session) => {
    for (let round = 0; round < 10; round++) {
      const before = await rendererTimes(session)
      await burn(page, 400)
      const after = await rendererTimes(session)
      const growth = [...after].map(([id, time]) => ({ id, seconds: time - (before.get(id) ?? 0) }))
      const [first, second] = growth.sort((a, b) => b.seconds - a.seconds)
      if (first !== undefined && first.seconds > 3 * (second?.seconds ?? 0)) return first.id
    }
    throw new Error('no renderer stands out: something else keeps the processor busy')
  })
}

/** The pids of all processes that run pages: those of every tab, and spare ones. */
export async function rendererPids(context: BrowserContext): Promise<number[]> {
  return withBrowserSession(context, async (session) => [...(await rendererTimes(session)).keys()])
}

async function rendererTimes(session: CDPSession): Promise<Map<number, number>> {
  const renderers = (await listProcesses(session)).filter(({ type }) => type === 'renderer')
  return new Map(renderers.map(({ id, cpuTime }) => [id, cpuTime]))
}

async function burn(page: Page, milliseconds: number): Promise<void> {
  await page.evaluate((duration) => {
    const end = performance.now() + duration
    while (performance.now() < end);
  }, milliseconds)
}

async function withBrowserSession<T>(
  context: BrowserContext,
  use: (session: CDPSession) => Promise<T>,
): Promise<T> {
  const session = await context.browser()?.newBrowserCDPSession()
  if (session === undefined) throw new Error('this context has no browser of its own')
  try {
    return await use(session)
  } finally {
    await session.detach()
  }
}

async function listProcesses(session: CDPSession): Promise<readonly ProcessInfo[]> {
  return (await session.send('SystemInfo.getProcessInfo')).processInfo
}
