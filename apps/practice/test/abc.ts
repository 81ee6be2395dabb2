/** A fraction of a whole note, kept exact. */
interface Fraction {
  readonly over: number
  readonly under: number
}

const TOKEN =
  /(?<tuplet>\(3)|(?<broken>[<>])|(?<bar>\|)|(?<accidental>\^|_|=)?(?<note>[A-Ga-gz])(?<octave>[,']*)(?<over>\d*)(?<slash>\/?)(?<under>\d*)|(?<space>\s+)/y

/**
 * The length of each bar of ABC notes, in unit notes. Knows what incipits use: notes, rests, lengths,
 * accidentals, octaves, broken rhythm and triplets.
 *
 * @throws Error at anything else
 */
export function barLengths(notes: string): number[] {
  const bars: number[][] = [[]]
  let tuplet = 0
  let broken: string | undefined
  TOKEN.lastIndex = 0
  for (let at = 0; at < notes.length; at = TOKEN.lastIndex) {
    const match = TOKEN.exec(notes)
    if (match?.groups === undefined) throw new Error(`Not ABC at ${at}: ${notes}`)
    const { groups } = match
    const bar = bars.at(-1) ?? []
    if (groups['bar']) bars.push([])
    else if (groups['tuplet']) tuplet = 3
    else if (groups['broken']) broken = groups['broken']
    else if (groups['note']) {
      const { over, under } = lengthOf(groups)
      let length = over / under
      if (tuplet > 0) {
        length *= 2 / 3
        tuplet -= 1
      }
      if (broken !== undefined) {
        const before = bar.pop()
        if (before === undefined) throw new Error(`Broken rhythm with no note before it: ${notes}`)
        bar.push(before * (broken === '>' ? 1.5 : 0.5))
        length *= broken === '>' ? 0.5 : 1.5
        broken = undefined
      }
      bar.push(length)
    }
  }
  if (broken !== undefined || tuplet > 0) throw new Error(`Unfinished rhythm: ${notes}`)
  if (bars.pop()?.length !== 0) throw new Error(`Must end with a bar line: ${notes}`)
  return bars.map((bar) => Math.round(bar.reduce((sum, length) => sum + length, 0) * 1000) / 1000)
}

function lengthOf(groups: Record<string, string | undefined>): Fraction {
  const under = groups['slash'] ? Number(groups['under'] || 2) : 1
  return { over: Number(groups['over'] || 1), under }
}
