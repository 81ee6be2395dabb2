import { spawnSync } from 'node:child_process'
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { root } from './run.mjs'

const browser = 'export const locks = navigator.locks\n'
const clock = 'export const now = Date.now() + Math.random()\nexport const timer = setTimeout(String, 1)\n'
const passedIn = 'export const store = (indexedDB: IDBFactory): IDBOpenDBRequest => indexedDB.open("x")\n'

describe('the law of globals', () => {
  let folder = ''

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-lint-'))
    await copyFile(join(root, '.oxlintrc.json'), join(folder, '.oxlintrc.json'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  /**
   * @param {string} file
   * @param {string} text
   */
  async function problems(file, text) {
    const path = join(folder, 'packages/tutti/src', file)
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text)
    const { stdout } = spawnSync(join(root, 'node_modules/.bin/oxlint'), ['--format', 'unix', '.'], {
      cwd: folder,
      encoding: 'utf8',
    })
    return [...stdout.matchAll(/no-restricted-(?:globals|properties)/g)].length
  }

  it.each(['cluster/election.ts', 'storage/rungs.ts', 'primary/executor.ts', 'protocol/call.ts'])(
    'refuses the browser in %s',
    async (file) => expect(await problems(file, browser)).toBe(1),
  )

  it.each([
    'page/handle.ts',
    'adapters/sqljs.ts',
    'member/worker.ts',
    'platform/browser.ts',
    'cluster/election.test.ts',
  ])('allows the browser in %s', async (file) => expect(await problems(file, browser)).toBe(0))

  it('refuses clocks and randomness where a scheduler drives the code', async () => {
    expect(await problems('cluster/lease.ts', clock)).toBe(3)
  })

  it('allows what is passed in under its own name', async () => {
    expect(await problems('storage/indexeddb-device.ts', passedIn)).toBe(0)
  })
})
