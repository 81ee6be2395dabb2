import { launchBrowser } from '../e2e/harness/browser.ts'
import { peers } from './peers/list.ts'
import { serveSite } from './site.ts'
import { createStage } from './stage.ts'
import { verify } from './verify.ts'
import { within } from './within.ts'

export async function bench(args: string[]): Promise<void> {
  const wanted = args[0]?.split(',')
  const browser = await launchBrowser()
  for (const peer of peers.filter(({ name }) => wanted?.includes(name) ?? true)) {
    const site = await serveSite(peer, { count: true })
    const stage = createStage(browser, peer, site.url)
    const t=Date.now()
    try {
      const { steps, flushes } = await within(90_000, verify(stage))
      const failed = steps.filter(([, outcome]) => outcome !== true)
      console.log(peer.name, `${Date.now()-t} ms`, failed.length === 0 ? 'ok' : failed, flushes)
    } catch (error) {
      console.log(peer.name, 'FAILED', (error as Error).message.slice(0,300), browser.log.slice(-5))
      await browser.restart()
    }
    site.close()
  }
  await browser.close()
}
