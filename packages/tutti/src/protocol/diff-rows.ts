import type { Param } from './values.ts'

/** Rows of a new result that stood in the old one from `from` on, or (`null`) did not stand there. */
export interface Stretch {
  readonly from: number | null
  readonly count: number
}

/**
 * How a result came out of the one before. A row is what it contains: rows with equal contents are the same
 * row, as often as they stand there. That needs no key and holds for every query; a row that changed is a
 * new one.
 *
 * @param before contents of the old rows, by {@link contentOf}
 * @param after of the new ones
 * @returns the new rows as stretches; `null` where nothing differs
 */
export function diffRows(before: readonly string[], after: readonly string[]): Stretch[] | null {
  let same = 0
  while (same < before.length && same < after.length && before[same] === after[same]) same++
  if (same === before.length && same === after.length) return null
  const places = new Map<string, number[]>()
  // Backwards, so that the first place of a content is taken first.
  for (let i = before.length - 1; i >= same; i--) {
    const content = before[i] as string
    const list = places.get(content)
    if (list === undefined) places.set(content, [i])
    else list.push(i)
  }
  const stretches: { from: number | null; count: number }[] = same > 0 ? [{ from: 0, count: same }] : []
  for (const content of after.slice(same)) {
    const from = places.get(content)?.pop() ?? null
    const last = stretches.at(-1)
    const goesOn = last !== undefined && from === (last.from === null ? null : last.from + last.count)
    if (goesOn) last.count++
    else stretches.push({ from, count: 1 })
  }
  return stretches
}

/** One text for each content of a row, and never the same for two that differ. */
export function contentOf(values: readonly Param[]): string {
  let content = ''
  for (const value of values) content += textOf(value)
  return content
}

function textOf(value: Param): string {
  switch (typeof value) {
    case 'string':
      return `s${value.length}:${value}`
    case 'number':
      return `n${value};`
    case 'bigint':
      return `i${value};`
    case 'boolean':
      return `n${Number(value)};`
    default:
      return value === null ? '0' : `b${value.length}:${bytesToText(value)}`
  }
}

function bytesToText(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096))
  return text
}
