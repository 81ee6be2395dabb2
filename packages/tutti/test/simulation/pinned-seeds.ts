import type { CallKind, PlannedCall } from '../history/planned-calls.ts'
import type { Script } from './script.ts'

/** Something that a seed once found, and what holds it now. */
export interface Pinned {
  /** The seed as it was; what a seed draws changes whenever the drawing does. */
  readonly seed: number
  readonly found: string
  /** The smallest script that showed it. */
  readonly script?: Script
  /** The test that shows it without chance. */
  readonly test: { readonly file: string; readonly title: string }
}

const calls = (...kinds: CallKind[]): PlannedCall[] =>
  kinds.map((kind, seed) => ({ kind, seed, wait: kind !== 'append', pause: 80 }))

const tab = (name: string, opensAt: number, ...lives: PlannedCall[][]) =>
  ({ name, opensAt, replica: 'auto', durability: 'full', lives }) as const

export const PINNED: readonly Pinned[] = [
  {
    seed: 384,
    found: 'on memory, a commit that was acknowledged was lost by its tab’s rejoining before it was stable',
    test: {
      file: 'src/cluster/stability.test.ts',
      title: 'a follower counts whether it holds a lease or not, until another one has the version',
    },
  },
  {
    seed: 1990,
    found:
      'on memory, a replica that had received a commit, and not heard that it is stable, came back without it',
    test: {
      file: 'test/simulation/scenarios/memory.test.ts',
      title: 'R28 a write is acknowledged on memory only when another tab has it, though none holds a lease',
    },
  },
  {
    seed: 120,
    found: 'on memory, a replica that had yet to catch up did not count as one that lacks the commit',
    test: {
      file: 'test/simulation/scenarios/memory.test.ts',
      title: 'R28 on memory every acknowledged write outlives the tab of the primary',
    },
  },
  {
    seed: 1448,
    found: 'a forwarded read that was asked again of a new primary saw more than one called after it',
    test: {
      file: 'src/member/handle-queue.test.ts',
      title:
        'a write waits for the reads that were sent before it: they may be asked again of another primary',
    },
  },
  {
    seed: 200_141,
    found:
      'the first page of a new file was not flushed, and the next opener relied on it: a power cut took it',
    script: {
      seed: 200_141,
      timing: { portLatency: [0.02, 20], lockLatency: [0.05, 60], timerLateness: [0, 100] },
      storage: 'opfs',
      tabs: [tab('C', 133), tab('D', 142), tab('E', 340)],
      faults: [{ at: 232, kind: 'cache', tab: 'E', ms: 490 }],
      diskFaults: [{ at: 0, operation: 5, fault: 'throw', lasting: false }],
      length: 600,
      rest: 3000,
      ending: 'power cut',
    },
    test: {
      file: 'src/storage/fault-loop.test.ts',
      title: 'the first start ends at its N-th operation by a %s, and what the second one flushed is there',
    },
  },
  {
    seed: 300_043,
    found:
      'a primary whose lock was taken away before it knew that it had it told nobody, and its tab waited',
    script: {
      seed: 300_048,
      timing: { latency: [0.05, 40], portLatency: [0.02, 20], lateRelease: [1, 600], timerLateness: [0, 1] },
      storage: 'opfs',
      tabs: [
        tab('A', 22, calls('batch'), calls('batch')),
        tab('B', 22, calls('append', 'append', 'batch', 'named', 'named')),
      ],
      faults: [
        { at: 420, kind: 'stop', tab: 'B', ms: 161 },
        { at: 434, kind: 'kill primary', tab: 'A', ms: 0 },
        { at: 473, kind: 'cache without locks', tab: 'B', ms: 1312 },
        { at: 491, kind: 'slow', tab: 'A', ms: 218 },
        { at: 676, kind: 'cache without locks', tab: 'A', ms: 397 },
        { at: 703, kind: 'cache without locks', tab: 'B', ms: 35 },
      ],
      diskFaults: [],
      length: 3000,
      rest: 3000,
      ending: 'quiet',
    },
    test: {
      file: 'src/primary/primary.test.ts',
      title: 'is none where the lock is stolen before it knows that it has it',
    },
  },
  {
    seed: 320_318,
    found: 'a request that was cancelled, and answered as not applied, ran when its repetition arrived',
    script: {
      seed: 320_319,
      timing: { latency: [0.05, 40], portLatency: [0.02, 20], lateRelease: [1, 20] },
      storage: 'opfs',
      tabs: [
        tab('A', 14, [{ kind: 'impatient', seed: 2_788_750_730, wait: true, pause: 0 }]),
        tab('B', 54),
        tab('C', 9),
      ],
      faults: [],
      diskFaults: [],
      length: 600,
      rest: 3000,
      ending: 'quiet',
    },
    test: {
      file: 'src/primary/answers.test.ts',
      title: 'P3 a request that was refused is refused again, until its member has heard it',
    },
  },
  {
    seed: 323_030,
    found:
      'a tab that heard of the primary before it held its life lock joined, was taken for dead at once, and read what was old',
    script: {
      seed: 323_030,
      timing: { latency: [0.05, 8], lockLatency: [0.05, 60], lateRelease: [1, 20], timerLateness: [0, 100] },
      storage: 'opfs',
      tabs: [
        tab('A', 35),
        tab('B', 2, [{ kind: 'append', seed: 3_168_076_300, wait: true, pause: 0 }]),
        tab('C', 36, [
          { kind: 'append', seed: 3_787_200_492, wait: true, pause: 40 },
          { kind: 'read', seed: 4_066_308_813, wait: false, pause: 0 },
        ]),
      ],
      faults: [],
      diskFaults: [],
      length: 600,
      rest: 3000,
      ending: 'quiet',
    },
    test: {
      file: 'test/simulation/scenarios/exactly-once.test.ts',
      title: 'R15 a tab that hears of the primary before it holds its life lock is not taken for dead',
    },
  },
  {
    seed: 911,
    found:
      'a replica that was begun anew took pages that the copy before it had asked for, and lacked those between',
    test: {
      file: 'src/member/feed.test.ts',
      title: 'R24 begun anew takes nothing that an earlier one asked for',
    },
  },
]
