import { brotliCompressSync } from 'node:zlib'
import { rolldown } from 'rolldown'

/**
 * What files weigh on their way to a browser: brotli at its best, each file by itself. Whoever says how much is
 * loaded counts with this.
 *
 * @param {Iterable<string | NodeJS.ArrayBufferView>} files
 * @returns {number} kB
 */
export function kilobytesOf(files) {
  let bytes = 0
  for (const file of files) bytes += brotliCompressSync(file).length
  return bytes / 1000
}

/**
 * The scripts that a page loads before the code of an app runs: the app and what it imports, bundled and minified.
 * What it imports later (`import()`) is not in them, nor what workers load, nor the optional dependencies, which
 * the app has anyway.
 *
 * @param {string} app its code
 * @returns {Promise<string[]>}
 */
export async function scriptsOf(app) {
  const name = '\0app'
  const bundle = await rolldown({
    input: name,
    platform: 'browser',
    external: /^[^./\0]/,
    logLevel: 'silent',
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === name ? id : null),
        load: (id) => (id === name ? app : null),
      },
    ],
  })
  // A hash in a name is of code that is not counted, and compresses now better, now worse.
  const chunkFileNames = '[name].js'
  const { output } = await bundle.generate({ format: 'esm', minify: true, chunkFileNames })
  await bundle.close()
  const chunks = new Map(output.flatMap((part) => (part.type === 'chunk' ? [[part.fileName, part]] : [])))
  const first = new Set([output[0]])
  for (const { imports } of first) for (const file of imports) first.add(chunks.get(file) ?? output[0])
  return [...first].map(({ code }) => code)
}
