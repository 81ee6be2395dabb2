import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './run.mjs'

/** A row that names its constant: `| what | 30 s | then | [NAME](../path) |`. */
const row =
  /^\| (?<what>[^|]+) \| (?<figure>[\d.]+) (?<unit>\S+) \|.*\[(?<name>[A-Z_]+)\]\(\.\.\/(?<path>\S+)\) \|$/gm

/** @type {Readonly<Record<string, number>>} what the source counts in: bytes, ms, or things */
const units = { KiB: 1024, MiB: 1024 * 1024, bytes: 1, s: 1000, ms: 1, rows: 1, times: 1 }

const text = await readFile(join(root, 'docs/limits.md'), 'utf8')
const rows = [...text.matchAll(row)].map(({ groups = {} }) => groups)

describe('docs/limits.md', () => {
  it('names the constant of every figure in its tables', () => {
    const figures = text.match(/^\| [^|]+ \| \d[^|]* \|/gm) ?? []
    expect(rows.map(({ what }) => what)).toEqual(figures.map((line) => line.split('|')[1]?.trim()))
    expect(rows.length).toBeGreaterThan(20)
  })

  it.each(rows)('$what: $figure $unit', async ({ figure, unit = '', name, path = '' }) => {
    const source = await readFile(join(root, path), 'utf8')
    const value = new RegExp(`^(?:export )?const ${name} = ([\\d_ *]+)$`, 'm').exec(source)?.[1] ?? ''
    const product = value.replaceAll('_', '').split('*').map(Number)
    expect(product.reduce((all, factor) => all * factor, 1)).toBe(Number(figure) * (units[unit] ?? NaN))
  })
})
