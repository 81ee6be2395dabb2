import type { Verified } from './verify.ts'

/** Whether each write waits for at least one flush, by what was counted. */
export function flushesEachWrite({ each }: Verified): boolean {
  return each !== undefined && each.opfs + each.strict >= 1
}

/** What a resolved write can count on, by what was counted. */
export function describeDurability(verified: Verified): string {
  const { each } = verified
  if (each === undefined) return 'not counted'
  const { opfs, strict, relaxed } = each
  const counted = [
    ...(opfs > 0 ? [`${round(opfs)} × OPFS \`flush()\``] : []),
    ...(strict > 0 ? [`${round(strict)} × IndexedDB, strict`] : []),
    ...(relaxed > 0 ? [`${round(relaxed)} × IndexedDB, relaxed`] : []),
  ]
  const what = flushesEachWrite(verified)
    ? 'on disk'
    : relaxed + opfs > 0
      ? 'handed to the system, not on disk'
      : 'nothing flushed'
  return counted.length === 0 ? what : `${what}: ${counted.join(', ')}`
}

function round(value: number): string {
  return value.toFixed(2).replace(/\.?0+$/, '')
}
