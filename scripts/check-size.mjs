import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { kilobytesOf, scriptsOf } from './page-size.mjs'
import { main, root } from './run.mjs'

/**
 * How much an app's first load may grow by opening a database, kB (minified, brotli). The engine is not in it:
 * workers load that. The README promises it; raised on purpose only.
 */
const LIMIT = 12

/** The same where the app uses everything that the library exports. */
const LIMIT_OF_ALL = 12.3

/** The same of each other entry point. */
const LIMIT_BESIDE = 3

/**
 * What is counted: a title, the app, and how much it may be.
 *
 * @param {string} name of the entry point
 * @param {string} file
 * @returns {[title: string, app: string, limit: number][]}
 */
function appsOf(name, file) {
  const from = JSON.stringify(file)
  if (name !== '.') return [[name.replace('.', 'tutti'), `export * from ${from}`, LIMIT_BESIDE]]
  return [
    ['tutti, open alone', `import { open } from ${from}; globalThis.used = open`, LIMIT],
    ['tutti, all of it', `import * as tutti from ${from}; globalThis.used = tutti`, LIMIT_OF_ALL],
  ]
}

await main(import.meta.url, async () => {
  const folder = join(root, 'packages/tutti')
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  let ok = true
  for (const [name, entry] of Object.entries(exports)) {
    if (typeof entry === 'string') continue
    for (const [title, app, limit] of appsOf(name, join(folder, entry.default))) {
      const size = kilobytesOf(await scriptsOf(app))
      const fits = size <= limit
      console.log(`${fits ? '' : 'TOO LARGE '}${title}: ${size.toFixed(2)} kB of ${limit} kB`)
      ok &&= fits
    }
  }
  const promised = (await readFile(join(root, 'README.md'), 'utf8')).includes(`less than ${LIMIT} kB`)
  if (!promised) console.error(`README.md does not say "less than ${LIMIT} kB"`)
  return ok && promised
})
