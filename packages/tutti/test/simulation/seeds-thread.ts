import { parentPort, workerData } from 'node:worker_threads'
import { listenToMarks, MARKS } from '../../src/platform/marks.ts'
import { runCluster } from './cluster-run.ts'
import { forEachSeed } from './seeds.ts'

/** What a thread says of the seeds that it ran, when all of them held. */
export interface SeedsRun {
  /** What happened in all the runs, in entries of their traces. */
  readonly events: number
  /** How often each rare branch was taken. */
  readonly taken: ReadonlyMap<string, number>
}

const taken = new Map<string, number>(Object.keys(MARKS).map((name) => [name, 0]))
listenToMarks((name) => taken.set(name, (taken.get(name) ?? 0) + 1))
let events = 0
await forEachSeed(workerData as readonly number[], async (seed) => {
  events += (await runCluster(seed)).events
})
parentPort?.postMessage({ events, taken } satisfies SeedsRun)
