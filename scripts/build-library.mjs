import { existsSync } from 'node:fs'
import { copyFile, readFile, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { rolldown } from 'rolldown'
import { pruneUnreachable } from './prune-unreachable.mjs'
import { main, must, root } from './run.mjs'

// Worker entries: each becomes one file without imports, because import maps and the dependency
// optimizers of bundlers do not reach into workers that live in a dependency.
const workers = ['member/worker', 'primary/worker']
/** What a page imports where it reads synchronously: one file, too, for SQLite's glue names files of its own. */
const reader = 'sync/reader'

/**
 * SQLite's glue names three more files by `new URL(…, import.meta.url)`: its wasm (we hand it a compiled
 * module) and two workers (we use neither). A bundler would put all three, once more, into every app.
 */
export const withoutUnusedAssets = {
  name: 'tutti-without-unused-assets',
  transform: {
    filter: { id: /sqlite-wasm[\\/]dist[\\/]index\.mjs$/ },
    /** @param {string} code */
    handler(code) {
      const asset =
        /new URL\("(?:sqlite3\.wasm|sqlite3-opfs-async-proxy\.js|sqlite3-worker1\.mjs)", import\.meta\.url\)/g
      const found = code.match(asset)?.length ?? 0
      if (found !== 3) throw new Error(`SQLite's glue names ${found} files, not 3: look at it anew`)
      return code.replace(asset, '(() => { throw new Error("tutti: not part of this build") })()')
    },
  },
}

/**
 * Builds `packages/tutti` into its `dist`: the page's modules by tsc, one self-contained file for each
 * worker and for the reader, and the wasm. A `new Worker(new URL('../member/worker.js', import.meta.url), { type: 'module' })`
 * in it then works unconfigured with Vite (dev and build), other bundlers, and no bundler at all.
 *
 * @param {string} [folder] the package's folder
 */
export async function buildLibrary(folder = join(root, 'packages/tutti')) {
  const dist = join(folder, 'dist')
  await rm(dist, { recursive: true, force: true })
  await must('tsc', ['-p', 'tsconfig.build.json'], { cwd: folder })
  for (const entry of [...workers, reader])
    await bundle(join(folder, 'src', `${entry}.ts`), join(dist, `${entry}.js`))
  const require = createRequire(join(folder, 'package.json'))
  await copyFile(require.resolve('@sqlite.org/sqlite-wasm/sqlite3.wasm'), join(dist, 'sqlite3.wasm'))
  await pruneUnreachable(dist, await exportedFiles(folder))
}

/**
 * What the package's `exports` name, relative to `dist`.
 *
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
async function exportedFiles(folder) {
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  /** @type {(string | Record<string, string>)[]} */
  const entries = Object.values(exports)
  const paths = entries.flatMap((entry) => (typeof entry === 'string' ? entry : Object.values(entry)))
  return paths.map((path) => path.replace('./dist/', ''))
}

/**
 * @param {string} input
 * @param {string} file
 */
async function bundle(input, file) {
  if (!existsSync(input)) throw new Error(`no entry at ${input}`)
  const bundled = await rolldown({
    input,
    platform: 'browser',
    plugins: [withoutUnusedAssets],
    // Coverage marks are for tests of the source.
    treeshake: { manualPureFunctions: ['mark'] },
  })
  await bundled.write({ file, format: 'esm', codeSplitting: false })
  await bundled.close()
}

await main(import.meta.url, () => buildLibrary())
