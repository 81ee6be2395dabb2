import type { Tune } from './peer.ts'

const MODES = ['Dorian', 'Ionian', 'Mixolydian', 'Aeolian']
const BARS = ['|:FDE^F GAGE|', 'ADDB cAFA|', '~G3A BGdB|', 'cAGF DEFG:|']

/** How many tunes a database has before anything is measured. */
export const TUNES = 20_000

/** The same tune for the same id, in every tab and every run. */
export function makeTune(id: number, title = `tune ${id}`): Tune {
  const bars = Array.from({ length: 9 }, (_, bar) => BARS[(id * 7 + bar * 3) % BARS.length])
  return { id, title, mode: MODES[id % MODES.length] ?? '', abc: `X:${id} ${bars.join('')}` }
}

export function makeTunes(from: number, count: number): Tune[] {
  return Array.from({ length: count }, (_, index) => makeTune(from + index))
}
