import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeOut } from './rules-taken-out.mjs'
import { takenOut } from './rules-taken-out-list.mjs'
import { root } from './run.mjs'

describe('rules that are taken out', () => {
  it('replaces what is there once, and nothing else', () => {
    expect(takeOut('a b c', { search: 'b', replace: '' })).toBe('a  c')
    expect(() => takeOut('a b b', { search: 'b', replace: '' })).toThrow('2 times')
    expect(() => takeOut('a', { search: 'b', replace: '' })).toThrow('0 times')
  })

  it.each(takenOut)('$rule is still in $file, where it can be taken out', async (rule) => {
    const source = await readFile(join(root, rule.file), 'utf8')
    expect(takeOut(source, rule)).not.toBe(source)
    for (const path of rule.tests)
      expect((await readFile(join(root, path), 'utf8')).length).toBeGreaterThan(0)
  })
})
