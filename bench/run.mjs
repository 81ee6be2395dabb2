import { join } from 'node:path'
import { build, runnerImport } from 'vite'
import { build as buildWorkspaces } from '../scripts/build.mjs'
import { main, root } from '../scripts/run.mjs'

await main(import.meta.url, async () => {
  // What is measured is what stands in the sources.
  await buildWorkspaces(['packages/tutti'])
  await build({
    root: join(root, 'bench/page'),
    configFile: false,
    logLevel: 'error',
    worker: { format: 'es' },
    // A worker with SQLite in it is one file.
    build: { chunkSizeWarningLimit: 2000 },
  })
  /** @type {{ module: typeof import('./bench.ts') }} */
  const { module } = await runnerImport(join(root, 'bench/bench.ts'), {
    configFile: false,
    logLevel: 'error',
  })
  return module.bench(process.argv.slice(2))
})
