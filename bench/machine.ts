import { readFile } from 'node:fs/promises'
import { cpus, loadavg, tmpdir, totalmem } from 'node:os'
import { join } from 'node:path'
import { root } from '../scripts/run.mjs'

/** What it is, and on what the browsers' profiles are: a flush into memory costs nothing. */
export async function describeMachine(): Promise<string> {
  const [cpu] = cpus()
  const memory = Math.round(totalmem() / 2 ** 30)
  const parts = [
    `${cpus().length} × ${cpu?.model.trim()}`,
    `${memory} GiB`,
    process.platform,
    `profiles on ${await fileSystemOf(tmpdir())}`,
    `Node ${process.version}`,
  ]
  return parts.join(', ')
}

/** The load of the last minute: figures of a machine that does other things meanwhile are worth nothing. */
export function currentLoad(): number {
  const [load = 0] = loadavg()
  return load
}

async function fileSystemOf(path: string): Promise<string> {
  const mounts = await readFile('/proc/mounts', 'utf8').catch(() => '')
  const above = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .filter(([, at = '']) => at === '/' || path === at || path.startsWith(`${at}/`))
    .toSorted(([, a = ''], [, b = '']) => b.length - a.length)
  return above[0]?.[2] ?? 'an unknown file system'
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  for (const folder of ['bench/node_modules', 'node_modules']) {
    const text = await readFile(join(root, folder, name, 'package.json'), 'utf8').catch(() => undefined)
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version
  }
  throw new Error(`${name} is not installed`)
}
