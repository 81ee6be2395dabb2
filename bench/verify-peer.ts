import type { BenchBrowser } from './browsers/bench-browser.ts'
import type { Peer } from './peers/list.ts'
import { serveSite } from './site.ts'
import { createStage } from './stage.ts'
import { type Verified, verify, works } from './verify.ts'
import { within } from './within.ts'

const BOUND = 120_000

/** What a peer does in a browser; asked again where it does not even open, for that may be chance. */
export async function verifyPeer(browser: BenchBrowser, peer: Peer): Promise<Verified> {
  const first = await verifyOnce(browser, peer)
  if (works(first)) return first
  const second = await verifyOnce(browser, peer)
  const failed = first.steps.filter(([, outcome]) => outcome !== 'ok' && outcome !== 'absent')
  return {
    ...second,
    steps: [...failed.map(([step, why]) => [`${step}, at first`, why] as const), ...second.steps],
  }
}

async function verifyOnce(browser: BenchBrowser, peer: Peer): Promise<Verified> {
  const site = await serveSite(peer, { spied: true })
  try {
    return await within(BOUND, verify(createStage(browser, peer, site, () => {})))
  } catch (error) {
    await browser.restart()
    return { steps: [['all of it', String(error)]], each: undefined }
  } finally {
    site.close()
  }
}
