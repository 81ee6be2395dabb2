import { launchBrowser } from '../e2e/harness/browser.ts'
import { stageBrowser } from './browsers/chromium.ts'
import { peerNamed } from './peers/list.ts'
import { type Scene, scenes } from './profile/scenes.ts'
import { profileThreads, type ThreadProfile } from './profile/threads.ts'
import { traceWhile } from './profile/trace.ts'
import { serveSite } from './site.ts'
import { createStage } from './stage.ts'
import { formatTable } from './table.ts'

const SHOWN_THREADS = 16
const SHOWN_FUNCTIONS = 16
/** What takes less is left out, ms. */
const LEAST = 0.0005

/**
 * Where the time of a few things goes, by the browser's own trace, thread by thread: for whoever is about to make it
 * shorter. To trace takes time as well: shares say more than sums.
 *
 * @param args names of scenes, with commas between them, and of a peer that is not Tutti
 */
export async function profile(args: readonly string[]): Promise<boolean> {
  const [wanted = '', peer = 'tutti'] = args
  const chosen = scenes.filter(({ name }) => wanted.split(',').includes(name))
  if (chosen.length === 0) throw new Error(`name some of ${scenes.map(({ name }) => name).join(', ')}`)
  for (const scene of chosen) console.log(await profileOne(scene, peer))
  return true
}

async function profileOne(scene: Scene, peerName: string): Promise<string> {
  const browser = await launchBrowser()
  const peer = peerNamed(peerName)
  const site = await serveSite(peer)
  const stage = createStage(stageBrowser(browser), peer, site, () => {})
  try {
    const run = await scene.prepare(stage)
    const plain = await timed(run)
    let traced = 0
    const engine = browser.context.browser()
    if (engine === null) throw new Error('this browser cannot be traced')
    const events = await traceWhile(engine, async () => {
      traced = await timed(run)
    })
    return describe(scene, peerName, plain, traced, profileThreads(events))
  } finally {
    await browser.close()
    site.close()
  }
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const from = performance.now()
  await run()
  return performance.now() - from
}

function describe(
  { name, times }: Scene,
  peer: string,
  plain: number,
  traced: number,
  threads: readonly ThreadProfile[],
): string {
  const each = (ms: number): string => (ms / times).toFixed(4)
  const shown = threads.slice(0, SHOWN_THREADS)
  const parts = [
    `## ${peer}: ${name}, ${times} times; ms each: ${each(plain)}, traced ${each(traced)}`,
    formatTable([
      ['thread', 'ms on a core', 'tasks'],
      ...shown.map(({ process, thread, busy, tasks }) => [
        `${process}, ${thread}`,
        each(busy),
        (tasks / times).toFixed(2),
      ]),
    ]),
  ]
  for (const { process, thread, own } of shown) {
    const functions = [...own].filter(([, ms]) => ms / times > LEAST).sort(([, a], [, b]) => b - a)
    if (functions.length === 0) continue
    parts.push(
      formatTable([
        [`${process}, ${thread}`, 'own ms'],
        ...functions.slice(0, SHOWN_FUNCTIONS).map(([what, ms]) => [what, each(ms)]),
      ]),
    )
  }
  return `${parts.join('\n\n')}\n`
}
