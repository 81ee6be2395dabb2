import { readdir, readFile } from 'node:fs/promises'
import type { Scripted } from '../harness/scripted.ts'

/** For how long a page burns processor time, ms. */
const BURN = 400

interface ProcessTime {
  readonly parent: number
  /** Processor time so far, in ticks of the system's clock. */
  readonly ticks: number
}

/**
 * The pid of the process below `root` that runs a tab: no engine's protocol but Chromium's tells it. The tab
 * burns processor time, and the process whose time grew is it; it is asked again until one stands out.
 */
export async function burningProcess(tab: Scripted, root: number): Promise<number> {
  for (let round = 0; round < 10; round++) {
    const before = await processesBelow(root)
    await tab.evaluate((duration) => {
      const end = performance.now() + duration
      while (performance.now() < end);
    }, BURN)
    const growth = [...(await processesBelow(root))].map(([pid, { ticks }]) => ({
      pid,
      ticks: ticks - (before.get(pid)?.ticks ?? 0),
    }))
    const [first, second] = growth.toSorted((a, b) => b.ticks - a.ticks)
    if (first !== undefined && first.ticks > 3 * (second?.ticks ?? 0)) return first.pid
  }
  throw new Error('no process stands out: something else keeps the processor busy')
}

/** All descendants of a process. */
async function processesBelow(root: number): Promise<Map<number, ProcessTime>> {
  const all = new Map<number, ProcessTime>()
  for (const name of await readdir('/proc')) {
    const pid = Number(name)
    // It may have ended since.
    const stat = Number.isInteger(pid) ? await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '') : ''
    // The second field is the name of the program in brackets, which may hold anything.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    if (fields.length > 12)
      all.set(pid, { parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) })
  }
  const isBelow = (pid: number): boolean => {
    const parent = all.get(pid)?.parent
    return parent !== undefined && (parent === root || isBelow(parent))
  }
  return new Map([...all].filter(([pid]) => isBelow(pid)))
}
