import { changeOf } from './change.ts'
import { createDraw } from './draw.ts'

const RUNS = 400

/**
 * Of made-up pairs of runs, whose rounds are drawn from these, the share in which the second is called slower when
 * all of it is `slower` times as slow. What a baseline is worth: with 1.2 it should be 0.95 and more, with 1 nothing.
 */
export function shareTold(rounds: readonly number[], slower: number): number {
  const draw = createDraw(42)
  const drawn = (times: number): number[] =>
    rounds.map(() => times * (rounds[Math.floor(draw() * rounds.length)] ?? Number.NaN))
  let told = 0
  for (let run = 0; run < RUNS; run++) {
    if (changeOf(drawn(1), drawn(slower)).verdict === 'slower') told += 1
  }
  return told / RUNS
}
