import { expect, test } from 'vitest'
import {
  bytes,
  count,
  either,
  type Infer,
  list,
  nothing,
  object,
  oneOf,
  optional,
  record,
  type Schema,
  text,
  time,
  variant,
} from './schema.ts'

const person = object({ name: text, age: optional(count) })
const shape = variant('kind', { point: { at: list(count) }, name: { of: either(person, nothing) } })

test('R4 a schema accepts what it names, whatever else is there, and nothing else', () => {
  expect(person.accepts({ name: 'a' })).toBe(true)
  expect(person.accepts({ name: 'a', age: 3, more: 1 })).toBe(true)
  expect(person.accepts({ name: 'a', age: undefined })).toBe(true)
  for (const wrong of [undefined, null, 'a', [], {}, { name: 1 }, { name: 'a', age: null }]) {
    expect(person.accepts(wrong), JSON.stringify(wrong)).toBe(false)
  }
  expect(shape.accepts({ kind: 'point', at: [0, 1] })).toBe(true)
  expect(shape.accepts({ kind: 'name', of: null })).toBe(true)
  for (const wrong of [
    null,
    {},
    { kind: 'else' },
    { kind: 'toString' },
    { kind: 'point' },
    { kind: 'point', at: [-1] },
  ]) {
    expect(shape.accepts(wrong), JSON.stringify(wrong)).toBe(false)
  }
})

test('R4 numbers are counts or times, and bytes are judged by their type only', () => {
  for (const wrong of [-1, 0.5, Number.NaN, 2 ** 60, '1', 1n]) expect(count.accepts(wrong)).toBe(false)
  expect(time.accepts(-0.5)).toBe(true)
  expect(time.accepts(Number.NaN)).toBe(false)
  expect(bytes.accepts(new Uint8Array(1))).toBe(true)
  expect(bytes.accepts([1])).toBe(false)
  expect(record(count).accepts({ a: 1 })).toBe(true)
  expect(record(count).accepts({ a: 'b' })).toBe(false)
  expect(record(count).accepts(new Uint8Array(1))).toBe(false)
  expect(oneOf('a', 'b').accepts('c')).toBe(false)
})

test('R4 the form of a schema is the same in whatever order it is written, and another for another schema', () => {
  const forms = [
    variant('type', { a: { x: count, y: either(text, nothing) }, b: { z: oneOf('p', 'q') } }),
    variant('type', { b: { z: oneOf('q', 'p') }, a: { y: either(nothing, text), x: count } }),
  ].map(({ form }) => JSON.stringify(form))
  expect(forms[0]).toBe(forms[1])
  for (const other of [
    variant('type', { a: { x: count, y: either(text, nothing) } }),
    variant('type', { a: { x: count, y: either(text, nothing) }, b: { z: oneOf('p', 'r') } }),
    variant('type', { a: { x: count, y: either(text, nothing) }, b: { z: optional(oneOf('p', 'q')) } }),
    variant('type', { a: { x: time, y: either(text, nothing) }, b: { z: oneOf('p', 'q') } }),
    variant('op', { a: { x: count, y: either(text, nothing) }, b: { z: oneOf('p', 'q') } }),
  ]) {
    expect(JSON.stringify(other.form)).not.toBe(forms[0])
  }
})

test('R4 the types are those of the schemas', () => {
  const point: Infer<typeof shape> = { kind: 'point', at: [1] }
  const exact: Schema<{ readonly name: string; readonly age?: number }> = person
  expect(exact.accepts({ name: point.kind })).toBe(true)
  // @ts-expect-error -- a schema is not one of a wider type
  const wider: Schema<{ readonly name: string | number; readonly age?: number }> = person
  // @ts-expect-error -- `at` is missing
  const narrow: Infer<typeof shape> = { kind: 'point' }
  expect([wider, narrow]).toHaveLength(2)
})
