import { expect, test } from 'vitest'
import type { CallKind, PlannedCall } from '../history/planned-calls.ts'
import type { Moment } from './moment.ts'
import { runScript } from './run-script.ts'
import { type Script, type TabScript, tell } from './script.ts'

const LIMIT = 60 * 60_000

const calls = (...kinds: CallKind[]): PlannedCall[] =>
  kinds.map((kind, seed) => ({ kind, seed, wait: seed % 2 === 1, pause: 0 }))

const tab = (name: string, ...lives: PlannedCall[][]): TabScript => ({
  name,
  opensAt: name === 'A' ? 0 : 5,
  replica: 'auto',
  durability: 'full',
  lives,
})

/** Two tabs from the first opening on; each writes alone, together and in transactions. */
const SCRIPT: Script = {
  seed: 1,
  timing: {},
  storage: 'opfs',
  tabs: [
    tab('A', calls('append', 'increment', 'read'), calls('append')),
    tab('B', calls('increment', 'batch', 'named', 'read'), calls('append')),
  ],
  faults: [],
  diskFaults: [],
  length: 0,
  rest: 1000,
  ending: 'quiet',
}

/**
 * Plays the script with each moment, N = 1, 2, 3 …, until one is past its end; how many there were. What a
 * power cut takes, and when things come, differs with `variant`.
 */
async function everyMoment(
  moment: (n: number) => Moment,
  more: Partial<Script> = {},
  variant = 0,
): Promise<number> {
  for (let n = 1; n < 2000; n++) {
    const script: Script = { ...SCRIPT, seed: 10_000 * variant + n, ...more, moment: moment(n) }
    let struck = false
    const finding = await runScript(script, {
      inspect: (run) => {
        ;({ struck } = run)
      },
    })
    expect(finding, `${tell(script)}\n${finding?.report ?? ''}`).toBe(undefined)
    if (!struck) return n - 1
  }
  throw new Error('there is no end of it')
}

test.for(['power cut', 'browser killed'] as const)(
  'P2 R17 from the first opening on, at every operation of the disk: %s; nothing is lost that was acknowledged',
  { timeout: LIMIT },
  async (ending) => {
    for (const variant of ending === 'power cut' ? [0, 1, 2, 3] : [0]) {
      const operations = await everyMoment((n) => ({ kind: 'operation', n }), { ending }, variant)
      expect(operations).toBeGreaterThan(30)
    }
  },
)

test('P2 R20 the same with relaxed durability: what is lost was not flushed, and was written last', {
  timeout: LIMIT,
}, async () => {
  const tabs = SCRIPT.tabs.map((each) => ({ ...each, durability: 'relaxed' }) as const)
  const operations = await everyMoment((n) => ({ kind: 'operation', n }), { ending: 'power cut', tabs })
  expect(operations).toBeGreaterThan(20)
})

test.for(['worker', 'tab'] as const)(
  'P3 R8 R14 from the first opening on, at every message the %s of the primary dies: I1 to I7 hold',
  { timeout: LIMIT },
  async (dies) => {
    const messages = await everyMoment((n) => ({ kind: 'message', n, dies }))
    expect(messages).toBeGreaterThan(50)
  },
)
