import { readFile } from 'node:fs/promises'
import { cpus, totalmem } from 'node:os'
import { join } from 'node:path'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import { root } from '../scripts/run.mjs'

export function describeMachine({ context }: TestBrowser): string {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const browser = `Chromium ${context.browser()?.version() ?? 'unknown'}`
  return `${browser}, ${cpus().length} × ${cpu?.model.trim()}, ${memory} GiB, ${process.platform}, Node ${process.version}`
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  for (const folder of ['bench/node_modules', 'node_modules']) {
    const text = await readFile(join(root, folder, name, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  throw new Error(`${name} is not installed`)
}
