import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './run.mjs'

/** The faults of a browser that the library has to survive; what each is stands in the documents' fault table. */
const ROWS = Array.from({ length: 20 }, (_, index) => index + 1)
/** A test's title, or the part of one that a list of faults brings. */
const title = /(?:\btest\(\s*|\btitle:\s*)(['"`])((?:\\.|(?!\1)[^\\])*)\1/g

/** @param {string} source */
export function rowsOf(source) {
  const titles = [...source.matchAll(title)].map(([, , text = '']) => text)
  return titles.flatMap((text) => [...text.matchAll(/\bfault (\d+)\b/g)].map(([, row]) => Number(row)))
}

it('each fault 1 to 20 has a test in a real browser', async () => {
  const folder = join(root, 'e2e/faults')
  const files = (await readdir(folder)).filter((file) => file.endsWith('.test.ts'))
  const sources = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
  const tested = new Set(sources.flatMap(rowsOf))
  expect(ROWS.filter((row) => !tested.has(row))).toEqual([])
})

it('finds rows in titles only', () => {
  const source = `
    // fault 1
    test('P3 fault 2 and fault 3: x', { timeout: 1 }, async () => {})
    const faults = [{ title: "fault 4 it's closed", n: 1 }]
    test(\`fault 5 \${n} times\`, async () => { expect('fault 6') })`
  expect(rowsOf(source)).toEqual([2, 3, 4, 5])
})
