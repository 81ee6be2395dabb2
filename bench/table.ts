import type { Unit } from './measures/measure.ts'

/** A table in Markdown that reads well in a terminal too: the first column to the left, all others to the right. */
export function formatTable(lines: readonly (readonly string[])[]): string {
  const widths = (lines[0] ?? []).map((_, column) =>
    Math.max(3, ...lines.map((line) => line[column]?.length ?? 0)),
  )
  const rows = lines.map((line) =>
    widths.map((width, column) => {
      const cell = line[column] ?? ''
      return column === 0 ? cell.padEnd(width) : cell.padStart(width)
    }),
  )
  const rule = widths.map((width, column) => (column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head = [], ...body] = rows
  return [head, rule, ...body].map((cells) => `| ${cells.join(' | ')} |`).join('\n')
}

/** Three digits, and the unit; of what is counted, all of it. */
export function formatValue(value: number, unit: Unit): string {
  if (Number.isNaN(value)) return '–'
  const size = Math.abs(value)
  if (unit === '×') return `${value.toFixed(0)} ×`
  const digits = size < 1 ? 3 : size < 10 ? 2 : size < 100 ? 1 : 0
  return `${value.toFixed(digits)} ${unit}`
}
