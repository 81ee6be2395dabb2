import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'
import { main, root } from './run.mjs'

/**
 * How much an app's first load may grow by importing the library, kB of minified and gzipped JavaScript. The
 * engine is not in it: workers load that. The README promises it; raised on purpose only.
 */
const LIMIT = 16

/** The same of each other entry point. */
const LIMIT_BESIDE = 3

/**
 * What a page loads before the code of an entry point runs, minified and gzipped: the entry and what it imports,
 * but for the optional dependencies, which the app has anyway. What it imports later (`import()`) is not counted.
 *
 * @param {string} file
 * @returns {Promise<number>} bytes
 */
export async function sizeOf(file) {
  const bundle = await rolldown({ input: file, platform: 'browser', external: /^[^./]/, logLevel: 'silent' })
  const { output } = await bundle.generate({ format: 'esm', minify: true })
  await bundle.close()
  const chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])))
  const first = new Set([output[0]])
  for (const { imports } of first) for (const name of imports) first.add(chunks.get(name) ?? output[0])
  return gzipSync([...first].map(({ code }) => code).join(''), { level: 9 }).length
}

await main(import.meta.url, async () => {
  const folder = join(root, 'packages/tutti')
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  let ok = true
  for (const [name, entry] of Object.entries(exports)) {
    if (typeof entry === 'string') continue
    const limit = name === '.' ? LIMIT : LIMIT_BESIDE
    const size = (await sizeOf(join(folder, entry.default))) / 1000
    const fits = size <= limit
    console.log(
      `${fits ? '' : 'TOO LARGE '}${name.replace('.', 'tutti')}: ${size.toFixed(1)} kB of ${limit} kB`,
    )
    ok &&= fits
  }
  const promised = (await readFile(join(root, 'README.md'), 'utf8')).includes(`less than ${LIMIT} kB`)
  if (!promised) console.error(`README.md does not say "less than ${LIMIT} kB"`)
  return ok && promised
})
