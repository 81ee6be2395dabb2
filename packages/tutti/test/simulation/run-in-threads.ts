import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import { build } from 'rolldown'
import type { SeedsRun } from './seeds-thread.ts'

const SOURCE = fileURLToPath(new URL('seeds-thread.ts', import.meta.url))
/** Where Node finds what is imported by name, and the test runner leaves modules alone. */
const FOLDER = fileURLToPath(new URL('../../../../node_modules/.cache/tutti/', import.meta.url))

/**
 * Runs the whole cluster with each of the seeds, in a thread per core. Rejects with the first that fails.
 *
 * The threads run one bundled file as it is: thousands of runs take a third less time than by the test runner's
 * own modules, where each use of an import is a call.
 */
export async function runInThreads(seeds: readonly number[]): Promise<SeedsRun> {
  const file = `${FOLDER}seeds-${process.pid}.mjs`
  await build({
    input: SOURCE,
    platform: 'node',
    external: ['@sqlite.org/sqlite-wasm'],
    output: { file, format: 'esm', sourcemap: 'inline' },
  })
  const count = Math.min(availableParallelism(), seeds.length)
  const shares = Array.from({ length: count }, (_, thread) => seeds.filter((seed) => seed % count === thread))
  const threads = shares.map((workerData) => new Worker(file, { workerData }))
  try {
    return joined(await Promise.all(threads.map(result)))
  } finally {
    await Promise.all(threads.map((thread) => thread.terminate()))
  }
}

function result(thread: Worker): Promise<SeedsRun> {
  return new Promise((resolve, reject) => {
    thread.once('message', resolve)
    thread.once('error', reject)
    thread.once('exit', (code) => reject(new Error(`A thread of the seeds ended early, with ${code}`)))
  })
}

function joined(runs: readonly SeedsRun[]): SeedsRun {
  const taken = new Map<string, number>()
  for (const run of runs) for (const [name, n] of run.taken) taken.set(name, n + (taken.get(name) ?? 0))
  return { events: runs.reduce((sum, run) => sum + run.events, 0), taken }
}
