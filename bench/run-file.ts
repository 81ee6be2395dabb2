import { appendFileSync, mkdirSync, readdirSync, readFileSync, truncateSync } from 'node:fs'
import { join } from 'node:path'
import type { Line, Plan } from './line.ts'

/** The raw samples of one run, a line of JSON each, in the order in which they came. */
export interface RunFile {
  readonly path: string
  /** The last one: a run that is continued may be given more rounds. */
  readonly plan: Plan
  readonly lines: readonly Line[]
  /** Written before it returns: what ends the run does not take it away. */
  add(line: Line): void
}

const SUFFIX = '.jsonl'

/** @param folder made where there is none */
export function createRun(folder: string, plan: Plan): RunFile {
  mkdirSync(folder, { recursive: true })
  const path = join(folder, new Date().toISOString().replaceAll(':', '-') + SUFFIX)
  const run = fileOf(path, [])
  run.add(plan)
  return run
}

/** The newest run of everything in a folder; nothing where there is none. */
export function findWholeRun(folder: string): RunFile | undefined {
  for (const name of namesIn(folder).sort().toReversed()) {
    const path = join(folder, name)
    const lines = readLines(path)
    const [plan] = lines
    if (plan?.kind === 'plan' && plan.whole) return fileOf(path, lines)
  }
  return undefined
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => name.endsWith(SUFFIX))
  } catch {
    return []
  }
}

/** Takes off what was being written when the run was cut off. */
function readLines(path: string): Line[] {
  const text = readFileSync(path, 'utf8')
  const whole = text.slice(0, text.lastIndexOf('\n') + 1)
  if (whole.length < text.length) truncateSync(path, Buffer.byteLength(whole))
  return whole
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line)
}

function fileOf(path: string, lines: Line[]): RunFile {
  return {
    path,
    lines,
    get plan() {
      const plan = lines.findLast((line) => line.kind === 'plan')
      if (plan === undefined) throw new Error(`${path} has no plan`)
      return plan
    },
    add(line) {
      lines.push(line)
      appendFileSync(path, `${JSON.stringify(line, shorten)}\n`)
    },
  }
}

/** To a microsecond or a byte: nothing finer was measured. */
function shorten(_key: string, value: unknown): unknown {
  return typeof value === 'number' ? Math.round(value * 1000) / 1000 : value
}
