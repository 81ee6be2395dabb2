import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './run.mjs'

const source = join(root, 'packages/tutti/src/adapters')
/** What all of them stand on. */
const shared = ['../errors/errors.ts', '../index.ts', './live/live-source.ts', './live/live-store.ts']

describe('a framework’s entry point', () => {
  it.each(['react', 'solid', 'svelte', 'vue'])(
    '%s has less than 100 lines, and no helper elsewhere',
    async (name) => {
      const text = await readFile(join(source, `${name}.ts`), 'utf8')
      const imported = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path]) => path)
      expect(imported.filter((path) => !shared.includes(path ?? ''))).toEqual([])
      expect(imported).toContain('./live/live-store.ts')
      expect(text.trimEnd().split('\n').length).toBeLessThan(100)
    },
  )
})
