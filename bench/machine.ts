import { readFile } from 'node:fs/promises'
import { cpus, loadavg, totalmem } from 'node:os'
import { join } from 'node:path'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import { root } from '../scripts/run.mjs'

/** The load is told too: figures of a machine that does other things meanwhile are worth nothing. */
export function describeMachine({ context }: TestBrowser): string {
  const [cpu] = cpus()
  const [load = 0] = loadavg()
  const memory = Math.round(totalmem() / 2 ** 30)
  const browser = `Chromium ${context.browser()?.version() ?? 'unknown'}`
  return `${browser}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${process.platform}, Node ${process.version}, load ${load.toFixed(1)}`
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  for (const folder of ['bench/node_modules', 'node_modules']) {
    const text = await readFile(join(root, folder, name, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  throw new Error(`${name} is not installed`)
}
