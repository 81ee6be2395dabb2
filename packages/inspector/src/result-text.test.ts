import { expect, it } from 'vitest'
import { toCsv, toJson } from './result-text.ts'

it('JSON keeps what JavaScript numbers cannot hold, and blobs', () => {
  const table = { columns: ['n', 'b', 'z'], rows: [[2n ** 60n, new Uint8Array([1, 255]), null]] }
  expect(JSON.parse(toJson(table))).toEqual([{ n: '1152921504606846976', b: { hex: '01ff' }, z: null }])
})

it('JSON keeps every column of a name', () => {
  expect(JSON.parse(toJson({ columns: ['a', 'a'], rows: [[1, 2]] }))).toEqual({
    columns: ['a', 'a'],
    rows: [[1, 2]],
  })
})

it('JSON keeps a column named __proto__', () => {
  expect(toJson({ columns: ['__proto__'], rows: [[1]] })).toContain('"__proto__": 1')
})

it('CSV quotes what needs it, and tells NULL from an empty text', () => {
  const rows = [
    [1, 'The "Kesh"', 'a,b'],
    [null, '', 'two\nlines'],
  ]
  expect(toCsv({ columns: ['id', 'title', 'x,y'], rows })).toBe(
    'id,title,"x,y"\r\n1,"The ""Kesh""","a,b"\r\n,"","two\nlines"\r\n',
  )
})

it('CSV of no rows is its header', () => {
  expect(toCsv({ columns: ['id'], rows: [] })).toBe('id\r\n')
})
