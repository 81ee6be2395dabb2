import type { BenchBrowser } from './browsers/bench-browser.ts'
import { launchChromium } from './browsers/chromium.ts'
import { launchFirefox } from './browsers/firefox.ts'
import type { BrowserName } from './line.ts'
import { peerNamed } from './peers/list.ts'
import type { RunFile } from './run-file.ts'
import { createCompany } from './run-measures.ts'
import { isComplete, measuresIn, peersIn, verifiedIn, visitsIn } from './run-state.ts'
import { works } from './verify.ts'
import { verifyPeer } from './verify-peer.ts'

const launch: Readonly<Record<BrowserName, () => Promise<BenchBrowser>>> = {
  chromium: launchChromium,
  firefox: launchFirefox,
}

interface How {
  readonly run: RunFile
  /** Whether it is time to leave the rest to another piece. */
  readonly stops: () => boolean
  readonly progress: (text: string) => void
}

/** Does what is left of a run in one browser; `false` where the browser is not to be had. */
export async function runIn(name: BrowserName, how: How): Promise<boolean> {
  if (how.stops() || isComplete(name, how.run)) return true
  let browser: BenchBrowser
  try {
    browser = await launch[name]()
  } catch (error) {
    how.progress(`nothing is measured in ${name}: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
  try {
    how.run.add({ kind: 'browser', browser: name, version: browser.version })
    await verifyPeers(browser, how)
    await measurePeers(browser, how)
    return true
  } finally {
    await browser.close()
  }
}

async function verifyPeers(browser: BenchBrowser, { run, stops, progress }: How): Promise<void> {
  const known = new Set(verifiedIn(browser.name, run).map(({ peer }) => peer))
  for (const name of run.plan.peers.filter((peer) => !known.has(peer))) {
    if (stops()) return
    const verified = await verifyPeer(browser, peerNamed(name))
    run.add({ kind: 'verified', browser: browser.name, peer: name, verified })
    progress(`${browser.name}: verified ${name}${works(verified) ? '' : ', which does not work here'}`)
  }
}

/** All rounds first, and last what is asked once: a run that is cut off has a bit of everything. */
async function measurePeers(browser: BenchBrowser, { run, stops, progress }: How): Promise<void> {
  if (stops()) return
  const measures = measuresIn(browser.name, run.plan)
  const company = await createCompany({
    browser,
    peers: peersIn(browser.name, run),
    made: visitsIn(browser.name, run),
    add(visit) {
      run.add(visit)
      const { measure, round, peer, seconds, notes } = visit
      progress(
        `${browser.name}, round ${round}, ${measure}: ${[peer, `${seconds.toFixed(1)} s`, ...notes].join(', ')}`,
      )
    },
  })
  try {
    const again = measures.filter(({ once }) => once !== true)
    for (let round = 1; round <= run.plan.rounds && !stops(); round++)
      await company.round(round, again, stops)
    if (!stops())
      await company.round(
        1,
        measures.filter(({ once }) => once === true),
        stops,
      )
  } finally {
    company.close()
  }
}
