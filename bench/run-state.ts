import { isDue } from './due.ts'
import type { BrowserName, Plan, Verification, Visit } from './line.ts'
import { measureNumbered } from './measures/list.ts'
import type { Measure } from './measures/measure.ts'
import { type Peer, peerNamed } from './peers/list.ts'
import type { RunFile } from './run-file.ts'
import { works } from './verify.ts'

/** Which measures of a run are made in a browser. */
export function measuresIn(browser: BrowserName, { measures }: Plan): readonly Measure[] {
  const wanted = measures.map(measureNumbered)
  return browser === 'firefox' ? wanted.filter(({ inFirefox }) => inFirefox) : wanted
}

/** What was seen in a browser of the peers that were tried there so far. */
export function verifiedIn(browser: BrowserName, { lines }: RunFile): readonly Verification[] {
  return lines.filter((line) => line.kind === 'verified').filter((line) => line.browser === browser)
}

/** Those of them that can be measured. */
export function peersIn(browser: BrowserName, run: RunFile): readonly Peer[] {
  return verifiedIn(browser, run)
    .filter(({ verified }) => works(verified))
    .map(({ peer }) => peerNamed(peer))
}

export function visitsIn(browser: BrowserName, { lines }: RunFile): readonly Visit[] {
  return lines.filter((line) => line.kind === 'visit').filter((line) => line.browser === browser)
}

/** Whether nothing of a run is left to do in a browser. */
export function isComplete(browser: BrowserName, run: RunFile): boolean {
  if (verifiedIn(browser, run).length < run.plan.peers.length) return false
  const visits = visitsIn(browser, run)
  return measuresIn(browser, run.plan).every((measure) =>
    Array.from({ length: measure.once === true ? 1 : run.plan.rounds }, (_, index) => index + 1).every(
      (round) => peersIn(browser, run).every((peer) => !isDue(visits, measure, round, peer)),
    ),
  )
}
