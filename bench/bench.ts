import { writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { hashBuild } from './build-hash.ts'
import type { Plan } from './line.ts'
import { currentLoad, describeMachine } from './machine.ts'
import { type BenchOptions, readOptions } from './options.ts'
import { drawPlots } from './plots.ts'
import { quick } from './quick.ts'
import { describeRun } from './report.ts'
import { createRun, findWholeRun, type RunFile } from './run-file.ts'
import { runIn } from './run-in.ts'
import { isComplete } from './run-state.ts'

/** Rounds of a run that does not say how many: all of it takes about an hour on two quiet cores. */
const ROUNDS = 3

const folder = (name: string): string => fileURLToPath(new URL(`./${name}`, import.meta.url))

/** Does what the command line asks for; `false` where something is not as it should be. */
export async function bench(args: readonly string[]): Promise<boolean> {
  const options = readOptions(args)
  const progress = (text: string): void => {
    process.stderr.write(`${text}\n`)
  }
  if (options.quick) return quick(options.keep, progress)
  const build = await hashBuild(folder('page/dist'))
  const run = options.continues
    ? continueRun(options, build)
    : createRun(folder('samples'), newPlan(options, build))
  if (options.lasts > 0) {
    run.add({
      kind: 'piece',
      command: ['npm run bench', ...(args.length > 0 ? ['--', ...args] : [])].join(' '),
      started: new Date().toISOString(),
      machine: await describeMachine(),
      load: currentLoad(),
    })
  }
  progress(`samples go to ${run.path}`)
  try {
    let well = true
    for (const name of run.plan.browsers) {
      // The clock began with the process: what was built before is counted.
      const stops = (): boolean => performance.now() > options.lasts
      well = (await runIn(name, { run, stops, progress })) && well
    }
    return well
  } finally {
    await report(run, progress)
  }
}

function newPlan({ peers, measures, browsers, rounds, whole }: BenchOptions, build: string): Plan {
  return {
    kind: 'plan',
    peers: peers.map(({ name }) => name),
    measures: measures.map(({ number }) => number),
    browsers,
    rounds: rounds ?? ROUNDS,
    whole,
    build,
  }
}

function continueRun({ rounds }: BenchOptions, build: string): RunFile {
  const run = findWholeRun(folder('samples'))
  if (run === undefined) throw new Error('there is no run of everything to go on with')
  if (run.plan.build !== build) throw new Error(`${run.path} is of another build: begin anew`)
  if (rounds !== undefined) run.add({ ...run.plan, rounds })
  return run
}

async function report(run: RunFile, progress: (text: string) => void): Promise<void> {
  if (!run.plan.whole) {
    console.log(await describeRun(run, []))
    return
  }
  // The page is worth more than its plots.
  const plots = await drawPlots(run, folder('plots')).catch((error: unknown) => {
    progress(`no plots: ${String(error)}`)
    return []
  })
  const text = await describeRun(run, plots)
  console.log(text)
  await writeFile(folder('RESULTS.md'), `${text}\n`)
  if (!run.plan.browsers.every((browser) => isComplete(browser, run)))
    progress('not all of it: go on with `npm run bench -- --continue`')
}
