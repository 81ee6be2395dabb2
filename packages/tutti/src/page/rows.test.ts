import { expect, it } from 'vitest'
import { toObjects } from './rows.ts'

it('makes an object of each row', () => {
  const rows = [
    [1, 'Dorian'],
    [2, null],
  ]
  expect(toObjects({ columns: ['id', 'mode'], rows })).toEqual([
    { id: 1, mode: 'Dorian' },
    { id: 2, mode: null },
  ])
})

it('of duplicate column names the last one counts', () => {
  const [row] = toObjects({ columns: ['id', 'title', 'id'], rows: [[1, 'The Kesh', 2]] })
  expect(row).toEqual({ id: 2, title: 'The Kesh' })
  expect(Object.keys(row ?? {})).toEqual(['id', 'title'])
})

it('a column named __proto__ is a column like any other', () => {
  const [row = {}] = toObjects({ columns: ['__proto__', 'constructor', 'a'], rows: [['x', 'y', 1]] })
  expect(Object.getPrototypeOf(row)).toBe(Object.prototype)
  expect(Object.entries(row)).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
    ['a', 1],
  ])
  expect({ ...row }).toEqual(row)
})
