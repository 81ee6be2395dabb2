import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main, root } from './run.mjs'

/**
 * @typedef {object} LockedPackage what is used of an entry of `package-lock.json`
 * @property {string} [version]
 * @property {boolean} [dev]
 * @property {Record<string, string>} [optionalDependencies]
 */

/** @type {Record<string, string>} */
const libcs = { gnu: 'glibc', gnueabihf: 'glibc', musl: 'musl', musleabihf: 'musl' }

/**
 * Entries for the binaries of other platforms that a lock file lacks. A registry that does not carry a
 * platform's package makes npm leave it out of the lock, and `npm ci` then refuses that lock everywhere. Such
 * an entry names no hash, because none is known here; npm adds it where it installs the package.
 *
 * @param {Record<string, LockedPackage>} packages of the lock file
 * @returns {Record<string, object>} by path
 */
export function missingBinaries(packages) {
  /** @type {Record<string, object>} */
  const missing = {}
  for (const { dev, optionalDependencies = {} } of Object.values(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const path = `node_modules/${name}`
      // Anything but an exact version is a dependency like any other, and not a binary.
      if (packages[path] === undefined && /^\d+\.\d+\.\d+$/.test(version)) {
        missing[path] = { version, ...platformOf(name), ...(dev ? { dev } : {}), optional: true }
      }
    }
  }
  return missing
}

/** @param {string} name such as `@oxlint/binding-linux-arm64-musl` */
function platformOf(name) {
  const [os = '', cpu = '', abi = ''] = name.replace(/^.*\/(?:cli-|binding-|swc-)?/, '').split('-')
  const libc = os === 'linux' ? libcs[abi] : undefined
  return { cpu: [cpu], ...(libc ? { libc: [libc] } : {}), os: [os] }
}

await main(import.meta.url, async () => {
  const file = join(root, 'package-lock.json')
  const lock = JSON.parse(await readFile(file, 'utf8'))
  const missing = missingBinaries(lock.packages)
  const entries = Object.entries({ ...lock.packages, ...missing })
  lock.packages = Object.fromEntries(entries.sort(([a], [b]) => a.localeCompare(b, 'en')))
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`)
  console.log(`${Object.keys(missing).length} entries added`)
})
