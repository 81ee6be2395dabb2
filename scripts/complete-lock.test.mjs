import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { missingBinaries } from './complete-lock.mjs'
import { root } from './run.mjs'

const tool = {
  dev: true,
  version: '1.2.3',
  optionalDependencies: {
    '@tool/linux-x64-musl': '1.2.3',
    '@tool/cli-darwin-arm64': '1.2.3',
    '@tool/swc-win32-x64-msvc': '1.2.3',
    fsevents: '~2.3.3',
  },
}

describe('the lock file', () => {
  it('has the binaries of every platform, and names no host', async () => {
    const text = await readFile(join(root, 'package-lock.json'), 'utf8')
    const { packages } = JSON.parse(text)
    expect(missingBinaries(packages), 'run "npm run lock" after changing a dependency').toEqual({})
    expect(Object.values(packages).filter((entry) => /^https?:/.test(entry.resolved ?? ''))).toEqual([])
  })

  it('gets an entry for a binary that a registry lacks', () => {
    expect(missingBinaries({ 'node_modules/tool': tool })).toEqual({
      'node_modules/@tool/linux-x64-musl': {
        version: '1.2.3',
        cpu: ['x64'],
        libc: ['musl'],
        os: ['linux'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/cli-darwin-arm64': {
        version: '1.2.3',
        cpu: ['arm64'],
        os: ['darwin'],
        dev: true,
        optional: true,
      },
      'node_modules/@tool/swc-win32-x64-msvc': {
        version: '1.2.3',
        cpu: ['x64'],
        os: ['win32'],
        dev: true,
        optional: true,
      },
    })
  })

  it('gets none for what it has', () => {
    const have = { version: '1.2.3' }
    const packages = {
      'node_modules/tool': tool,
      'node_modules/@tool/linux-x64-musl': have,
      'node_modules/@tool/cli-darwin-arm64': have,
      'node_modules/@tool/swc-win32-x64-msvc': have,
    }
    expect(missingBinaries(packages)).toEqual({})
  })
})
