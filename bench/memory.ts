import { readdir, readFile } from 'node:fs/promises'
import type { TestBrowser } from '../e2e/harness/browser.ts'
import { browserPid } from '../e2e/harness/processes.ts'

const PAUSE = 500
const LONGEST = 15_000
/** So much it may still move by itself. */
const STILL = 1e6

/**
 * Bytes of memory that the browser's processes share with nobody, once they are still: the process of a tab that was
 * closed ends some time later. `undefined` where there is no /proc.
 */
export async function settledMemory(browser: TestBrowser): Promise<number | undefined> {
  const end = Date.now() + LONGEST
  for (let last = await privateMemory(browser); ; ) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE))
    const next = await privateMemory(browser)
    if (next === undefined || last === undefined) return undefined
    if (Math.abs(next - last) < STILL || Date.now() > end) return next
    last = next
  }
}

/** By proc(5): Private_Clean and Private_Dirty of smaps_rollup. */
async function privateMemory({ context }: TestBrowser): Promise<number | undefined> {
  const root = await browserPid(context)
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc').catch(() => [])) {
    const pid = Number(name)
    if (Number.isNaN(pid)) continue
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
    // The name of the process, in brackets, may have spaces in it.
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    parents.set(pid, parent)
  }
  if (parents.size === 0) return undefined
  let bytes = 0
  for (const pid of parents.keys()) if (descends(pid, root, parents)) bytes += await privateBytes(pid)
  return bytes
}

function descends(pid: number, root: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 0; at = parents.get(at)) {
    if (at === root) return true
  }
  return false
}

async function privateBytes(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '')
  const kilobytes = [...text.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB/gm)].map(([, value]) =>
    Number(value),
  )
  return kilobytes.reduce((sum, value) => sum + value, 0) * 1024
}
