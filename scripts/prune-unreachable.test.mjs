import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pruneUnreachable } from './prune-unreachable.mjs'

describe('pruneUnreachable', () => {
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-prune-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  /** @param {Record<string, string>} files */
  async function write(files) {
    for (const [file, text] of Object.entries(files)) {
      await mkdir(dirname(join(folder, file)), { recursive: true })
      await writeFile(join(folder, file), text)
    }
  }

  it('keeps what the entries reach, scripts and declarations alike, and deletes the rest', async () => {
    await write({
      'index.js': "export { open } from './page/open.js'",
      'index.d.ts': "export type { Row } from './protocol/values.ts'",
      'page/open.js': 'export const open = 1',
      'protocol/values.d.ts': 'export type Row = 1',
      'protocol/values.js': 'export {}',
      'primary/executor.js': 'export {}',
    })
    await pruneUnreachable(folder, ['index.js', 'index.d.ts'])
    const left = (await readdir(folder, { recursive: true })).sort()
    expect(left).toEqual([
      'index.d.ts',
      'index.js',
      'page',
      'page/open.js',
      'protocol',
      'protocol/values.d.ts',
    ])
  })

  it('does not look for what only an example in a docstring imports', async () => {
    await write({ 'index.js': "/**\n * import { tune } from './schema.ts'\n */\nexport const drizzle = 1" })
    await pruneUnreachable(folder, ['index.js'])
    expect(await readdir(folder)).toEqual(['index.js'])
  })

  it('refuses to leave an import without its file', async () => {
    await write({ 'index.js': "import './gone.js'" })
    await expect(pruneUnreachable(folder, ['index.js'])).rejects.toThrow('gone.js')
  })
})
