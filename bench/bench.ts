import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { launchBrowser, type TestBrowser } from '../e2e/harness/browser.ts'
import { describeMeasure, describePeers, describeTargets } from './describe.ts'
import { flushesEachWrite } from './durability.ts'
import { describeMachine, versionOf } from './machine.ts'
import { type BenchOptions, readOptions } from './options.ts'
import type { Peer } from './peers/list.ts'
import { quick } from './quick.ts'
import { createResults } from './results.ts'
import { runMeasure } from './run-measures.ts'
import { type Site, serveSite } from './site.ts'
import { createStage, type Stage } from './stage.ts'
import { compareTargets } from './targets.ts'
import { type Verified, verify } from './verify.ts'
import { within } from './within.ts'

const VERIFY_BOUND = 120_000

/** Does what the command line asks for; `false` where something is not as it should be. */
export async function bench(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args)
  const browser = await launchBrowser()
  try {
    const started = performance.now()
    const progress = (text: string): void => {
      process.stderr.write(`${text}\n`)
    }
    if (options.quick) return await quick(browser, options.keep, progress)
    const verified = await verifyPeers(browser, options.peers, progress)
    const versions = new Map<Peer, string>()
    for (const peer of options.peers) {
      if (peer.package !== undefined) versions.set(peer, `${peer.package} ${await versionOf(peer.package)}`)
    }
    const sections = [
      '# Side by side',
      `${describeMachine(browser)}\n${new Date().toISOString().slice(0, 10)}, \`${command(args)}\``,
      describePeers(verified, versions),
    ]
    if (!options.verify) sections.push(...(await measureAll(browser, options, verified, progress)))
    sections.push(`${((performance.now() - started) / 60_000).toFixed(1)} minutes in all`)
    const text = `${sections.join('\n\n')}\n`
    console.log(text)
    if (options.whole && !options.verify) {
      await writeFile(fileURLToPath(new URL('./RESULTS.md', import.meta.url)), text)
    }
    return true
  } finally {
    await browser.close()
  }
}

function command(args: readonly string[]): string {
  return ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' ')
}

async function verifyPeers(
  browser: TestBrowser,
  wanted: readonly Peer[],
  progress: (text: string) => void,
): Promise<Map<Peer, Verified>> {
  const verified = new Map<Peer, Verified>()
  for (const peer of wanted) {
    const site = await serveSite(peer, { spied: true })
    const stage = createStage(browser, peer, site, () => {})
    try {
      verified.set(peer, await within(VERIFY_BOUND, verify(stage)))
    } catch (error) {
      verified.set(peer, { steps: [['all of it', String(error)]], each: undefined })
      await browser.restart()
    }
    site.close()
    progress(`verified: ${peer.name}`)
  }
  return verified
}

async function measureAll(
  browser: TestBrowser,
  options: BenchOptions,
  verified: ReadonlyMap<Peer, Verified>,
  progress: (text: string) => void,
): Promise<string[]> {
  const results = createResults()
  let [current] = options.measures
  const sites: Site[] = []
  const stages: Stage[] = []
  for (const peer of options.peers) {
    const site = await serveSite(peer)
    sites.push(site)
    const note = (text: string): void => {
      if (current !== undefined) results.note(current, peer, text)
    }
    stages.push(createStage(browser, peer, site, note))
  }
  const sections: string[] = []
  for (const measure of options.measures) {
    current = measure
    await runMeasure(measure, { browser, stages, results, rounds: options.rounds, progress })
    const section = describeMeasure(measure, results)
    progress(`\n${section}\n`)
    sections.push(section)
  }
  for (const site of sites) site.close()
  const durable = new Set(
    [...verified].flatMap(([peer, what]) => (flushesEachWrite(what) ? [peer.name] : [])),
  )
  const targets = compareTargets(
    results,
    options.peers.map(({ name }) => name),
    durable,
  )
  if (targets.length > 0) sections.push(`## Targets\n\n${describeTargets(targets)}`)
  return sections
}
