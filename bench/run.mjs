import { join } from 'node:path'
import { build, runnerImport } from 'vite'
import { build as buildWorkspaces } from '../scripts/build.mjs'
import { main, root } from '../scripts/run.mjs'

await main(import.meta.url, async () => {
  const [mode, ...rest] = process.argv.slice(2)
  const profiles = mode === '--profile'
  // What is measured is what stands in the sources.
  await buildWorkspaces(['packages/tutti'])
  await build({
    root: join(root, 'bench/page'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    build: {
      // A worker with SQLite in it is one file.
      chunkSizeWarningLimit: 2000,
      // A profile names functions.
      minify: !profiles,
    },
  })
  /** @param {string} name */
  const load = async (name) =>
    (await runnerImport(join(root, 'bench', name), { configFile: false, logLevel: 'error' })).module
  if (profiles) return (await load('profile.ts')).profile(rest)
  return (await load('bench.ts')).bench(process.argv.slice(2))
})
