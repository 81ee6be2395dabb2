import { access, readdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './run.mjs'

const documents = [
  'README.md',
  'SPEC.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'packages/tutti/README.md',
  'packages/inspector/README.md',
  ...(await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`),
]
const link = /\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g

describe('the documents', () => {
  it.each(documents)('%s links only to what is there', async (document) => {
    const text = await readFile(join(root, document), 'utf8')
    const missing = []
    for (const [, path = ''] of text.matchAll(link)) {
      const there = await access(join(root, dirname(document), path)).then(
        () => true,
        () => false,
      )
      if (!there) missing.push(path)
    }
    expect(missing).toEqual([])
  })
})
