import type { PlannedCall } from '../history/planned-calls.ts'
import type { Script } from './script.ts'

type Fails = (script: Script) => Promise<boolean>

/** Other seeds that a smaller script is tried with: without a part everything else comes at other times. */
const OTHER_SEEDS = 3

/** One list of a script: how it is taken out, and a script with another one in its place. */
interface Part<Item> {
  readonly of: (script: Script) => readonly Item[]
  readonly with: (script: Script, items: readonly Item[]) => Script
}

/** A call with its place: which tab, which of its lives. */
interface PlacedCall {
  readonly tab: string
  readonly life: number
  readonly call: PlannedCall
}

const TABS: Part<Script['tabs'][number]> = {
  of: ({ tabs }) => tabs,
  with: (script, tabs) => {
    const left = new Set(tabs.map(({ name }) => name))
    return { ...script, tabs, faults: script.faults.filter(({ tab }) => left.has(tab)) }
  },
}
const FAULTS: Part<Script['faults'][number]> = {
  of: ({ faults }) => faults,
  with: (script, faults) => ({ ...script, faults }),
}
const DISK_FAULTS: Part<Script['diskFaults'][number]> = {
  of: ({ diskFaults }) => diskFaults,
  with: (script, diskFaults) => ({ ...script, diskFaults }),
}
const CALLS: Part<PlacedCall> = {
  of: ({ tabs }) =>
    tabs.flatMap((tab) =>
      tab.lives.flatMap((calls, life) => calls.map((call) => ({ tab: tab.name, life, call }))),
    ),
  with: (script, calls) => ({
    ...script,
    tabs: script.tabs.map((tab) => ({
      ...tab,
      lives: tab.lives.map((_, life) =>
        calls.filter((each) => each.tab === tab.name && each.life === life).map(({ call }) => call),
      ),
    })),
  }),
}

/**
 * A script that fails as `script` does and has less in it: parts are left out, first many at once and then
 * one by one, for as long as it `fails` without them (delta debugging; Zeller and Hildebrandt, 2002). Runs
 * at most `attempts` scripts, so what it gives need not be the smallest there is.
 */
export async function shrink(script: Script, fails: Fails, attempts: number): Promise<Script> {
  let best = script
  let left = attempts
  const attempt = async (candidate: Script): Promise<boolean> => {
    for (let i = 0; i <= OTHER_SEEDS && left > 0; i++, left--) {
      const seeded = { ...candidate, seed: candidate.seed + i }
      if (!(await fails(seeded))) continue
      best = seeded
      return true
    }
    return false
  }
  const lessOf = async <Item>(part: Part<Item>): Promise<void> => {
    for (let size = part.of(best).length; size >= 1; size = Math.floor(size / 2)) {
      for (let from = 0; from < part.of(best).length; ) {
        const items = part.of(best).toSpliced(from, size)
        if (!(await attempt(part.with(best, items)))) from += size
      }
    }
  }
  for (let before = Number.POSITIVE_INFINITY; weight(best) < before && left > 0; ) {
    before = weight(best)
    await lessOf(TABS)
    await lessOf(FAULTS)
    await lessOf(DISK_FAULTS)
    await lessOf(CALLS)
    if (best.quota !== undefined) await attempt({ ...best, quota: undefined })
    if (best.ending !== 'quiet') await attempt({ ...best, ending: 'quiet' })
    if (Object.keys(best.timing).length > 0) await attempt({ ...best, timing: {} })
  }
  return best
}

/** How many things there are in a script. */
export function weight(script: Script): number {
  return [TABS, FAULTS, DISK_FAULTS, CALLS].reduce((sum, part) => sum + part.of(script).length, 0)
}
