import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { root } from './run.mjs'

/** @param {string} path */
const read = (path) => readFile(join(root, path), 'utf8')

it('P7 all packages have one version, and tutti tells other tabs the same', async () => {
  const told = /TUTTI_VERSION = '(.+)'/.exec(await read('packages/tutti/src/protocol/version.ts'))?.[1]
  const stated = new Map([['what tutti tells', told]])
  for (const folder of ['packages/tutti', 'packages/inspector', 'apps/practice', 'e2e', 'bench']) {
    const manifest = JSON.parse(await read(`${folder}/package.json`))
    if (manifest.version !== undefined) stated.set(folder, manifest.version)
    const needed = { ...manifest.dependencies, ...manifest.peerDependencies, ...manifest.devDependencies }
    for (const name of ['tutti', 'tutti-inspector'])
      if (needed[name] !== undefined) stated.set(`${name} in ${folder}`, needed[name])
  }
  expect(Object.fromEntries(stated)).toEqual(Object.fromEntries([...stated.keys()].map((key) => [key, told])))
})
