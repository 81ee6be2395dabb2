import type { InspectedResult, InspectedValue } from './inspected-database.ts'
import { toHex } from './to-hex.ts'

type Table = Pick<InspectedResult, 'columns' | 'rows'>

/**
 * An array of objects; where two columns share a name, `{ columns, rows }`, so that nothing is lost. A
 * `bigint` becomes a string of digits, a blob `{ "hex": "…" }`.
 */
export function toJson({ columns, rows }: Table): string {
  const plain = rows.map((row) => row.map(toPlain))
  const unique = new Set(columns).size === columns.length
  if (!unique) return JSON.stringify({ columns, rows: plain }, null, 2)
  const objects = plain.map((row) => Object.fromEntries(columns.map((column, index) => [column, row[index]])))
  return JSON.stringify(objects, null, 2)
}

function toPlain(value: InspectedValue): unknown {
  if (typeof value === 'bigint') return String(value)
  return value instanceof Uint8Array ? { hex: toHex(value) } : value
}

/** By RFC 4180, with a header. NULL is an empty field, an empty text `""`, a blob its hex digits. */
export function toCsv({ columns, rows }: Table): string {
  const lines = [columns.map((column) => quote(column)), ...rows.map((row) => row.map(toField))]
  return lines.map((fields) => `${fields.join(',')}\r\n`).join('')
}

function toField(value: InspectedValue): string {
  if (value === null) return ''
  if (value instanceof Uint8Array) return toHex(value)
  return typeof value === 'string' ? quote(value) : String(value)
}

function quote(text: string): string {
  return text === '' || /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
