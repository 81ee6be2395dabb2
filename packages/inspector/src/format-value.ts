import type { InspectedValue } from './inspected-database.ts'
import { toHex } from './to-hex.ts'

/** A value as a cell shows it. */
export interface FormattedValue {
  readonly kind: 'null' | 'number' | 'text' | 'blob'
  readonly text: string
  /** Where `text` is cut: how much there is, and the whole. */
  readonly more?: { readonly label: string; readonly full: () => string }
}

const SHOWN_CHARACTERS = 160
const SHOWN_BYTES = 16
const MOST_BYTES = 16 * 1024

export function formatValue(value: InspectedValue): FormattedValue {
  if (value === null) return { kind: 'null', text: 'NULL' }
  if (typeof value === 'string') return formatText(value)
  if (value instanceof Uint8Array) return formatBlob(value)
  return { kind: 'number', text: String(value) }
}

function formatText(value: string): FormattedValue {
  if (value.length <= SHOWN_CHARACTERS && !value.includes('\n')) return { kind: 'text', text: value }
  return {
    kind: 'text',
    text: startOf(value),
    more: { label: `${count(value.length)} characters`, full: () => value },
  }
}

/** On one line, and never half of a surrogate pair. */
function startOf(value: string): string {
  const start = value.slice(0, SHOWN_CHARACTERS).replace(/[\uD800-\uDBFF]$/, '')
  const line = start.replaceAll(/\r?\n/g, ' ↵ ')
  return start.length < value.length ? `${line}…` : line
}

function formatBlob(value: Uint8Array): FormattedValue {
  const size = `${count(value.length)} ${value.length === 1 ? 'byte' : 'bytes'}`
  if (value.length <= SHOWN_BYTES) return { kind: 'blob', text: `x'${toHex(value)}' (${size})` }
  return {
    kind: 'blob',
    text: `x'${toHex(value.subarray(0, SHOWN_BYTES))}…'`,
    more: { label: size, full: () => fullHex(value) },
  }
}

function fullHex(value: Uint8Array): string {
  const hex = toHex(value.subarray(0, MOST_BYTES))
  const rest = value.length - MOST_BYTES
  return rest > 0 ? `x'${hex}…' (${count(rest)} more bytes)` : `x'${hex}'`
}

function count(value: number): string {
  return value.toLocaleString('en')
}
