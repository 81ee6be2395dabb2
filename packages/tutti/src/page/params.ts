import { ParameterError } from '../errors/errors.ts'
import type { Param, Params } from '../protocol/values.ts'

const LARGEST = 2n ** 63n - 1n
const SMALLEST = -(2n ** 63n)

/**
 * A copy of the parameters that can cross to a worker. Copying matters: a reactive proxy cannot be
 * cloned, and a small view would take its whole buffer along.
 *
 * @throws {ParameterError} naming the first one that SQLite cannot take
 */
export function copyParams(params: unknown, sql: string): Params {
  if (Array.isArray(params)) {
    return Array.from(params, (value: unknown, index) => copyParam(value, `number ${index + 1}`, sql))
  }
  if (!isRecord(params)) {
    throw new ParameterError(`Parameters must be an array or an object, not ${describe(params)}.`, { sql })
  }
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, copyParam(value, `'${name}'`, sql)]),
  )
}

function copyParam(value: unknown, which: string, sql: string): Param {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return value
    case 'bigint':
      if (value > LARGEST || value < SMALLEST) {
        throw new ParameterError(`Parameter ${which} is ${value}, and SQLite's integers have 64 bits.`, {
          sql,
        })
      }
      return value
    default:
      if (value === null) return null
      if (value instanceof Uint8Array) return ownsItsBuffer(value) ? value : value.slice()
  }
  throw new ParameterError(`Parameter ${which} is ${describe(value)}: ${adviceFor(value)}.`, { sql })
}

function ownsItsBuffer({ buffer, byteLength }: Uint8Array): boolean {
  return buffer instanceof ArrayBuffer && buffer.byteLength === byteLength
}

function adviceFor(value: unknown): string {
  if (value === undefined) return 'give null where you mean NULL'
  if (value instanceof AbortSignal) return 'options are the argument after the parameters'
  return 'give null, a number, bigint, string, boolean or Uint8Array'
}

/** An object that holds named parameters, and not one that means something else. */
function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false
  return !(ArrayBuffer.isView(value) || value instanceof Map || value instanceof Set || value instanceof Date)
}

function describe(value: unknown): string {
  if (value === undefined || value === null) return String(value)
  if (typeof value !== 'object') return `a ${typeof value}`
  const name: unknown = value.constructor?.name
  return typeof name === 'string' && name !== 'Object' ? `a ${name}` : 'an object'
}
