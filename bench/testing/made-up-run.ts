import type { BrowserName, Found, Line, Plan, Verification, Visit } from '../line.ts'
import { measureNumbered, measures } from '../measures/list.ts'
import { peers } from '../peers/list.ts'
import type { RunFile } from '../run-file.ts'

export function planOf(given: Partial<Plan> = {}): Plan {
  return {
    kind: 'plan',
    peers: peers.map(({ name }) => name),
    measures: measures.map(({ number }) => number),
    browsers: ['chromium', 'firefox'],
    rounds: 2,
    whole: true,
    build: '0123456789abcdef',
    ...given,
  }
}

export function visitOf(given: Partial<Visit> & Pick<Visit, 'peer' | 'round'>): Visit {
  return {
    kind: 'visit',
    browser: 'chromium',
    measure: 1,
    found: [{ figure: 'first tab', unit: 'ms', values: [1, 2, 3] }],
    notes: [],
    hangs: false,
    seconds: 1.5,
    load: 1.25,
    ...given,
  }
}

export function verificationOf(peer: string, browser: BrowserName, outcome = 'ok'): Verification {
  const steps = ['open', 'write', 'read back'].map((step) => [step, outcome] as const)
  const each = { opfs: 1, strict: 0, relaxed: 0, messages: 2, bytes: 100 }
  return { kind: 'verified', browser, peer, verified: { steps, each } }
}

/** A run that nobody made, in memory. */
export function madeUpRun(lines: readonly Line[], plan = planOf()): RunFile {
  const all: Line[] = [plan, ...lines]
  return { path: 'made up', plan, lines: all, add: (line) => void all.push(line) }
}

/** Every visit of a plan, each with something found. */
export function allVisits({ peers: names, measures: numbers, browsers, rounds }: Plan): Visit[] {
  return browsers.flatMap((browser) =>
    numbers
      .map(measureNumbered)
      .filter(({ inFirefox }) => browser === 'chromium' || inFirefox === true)
      .flatMap(({ number, once }) =>
        Array.from({ length: once === true ? 1 : rounds }, (_, index) => index + 1).flatMap((round) =>
          names.map((peer, at) =>
            visitOf({ browser, measure: number, round, peer, found: foundIn(number, at + 1) }),
          ),
        ),
      ),
  )
}

function foundIn(measure: number, factor: number): Found[] {
  if (measure !== 11) return [{ figure: 'first tab', unit: 'ms', values: [factor, 2 * factor] }]
  return [1, 10, 20].map((tabs) => ({
    figure: 'a write, by open tabs',
    x: `${tabs} tabs`,
    unit: 'ms',
    values: [factor * tabs],
  }))
}
