import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'rolldown'

const SOURCE = fileURLToPath(new URL('many-runs.ts', import.meta.url))
/** Where Node finds what is imported by name, and the test runner leaves modules alone. */
const FOLDER = fileURLToPath(new URL('../../../../node_modules/.cache/tutti/', import.meta.url))

/**
 * The simulation in one file that Node runs as it is: thousands of runs take a third less time than by the test
 * runner's own modules, where each use of an import is a call.
 */
export async function bundleRuns(): Promise<typeof import('./many-runs.ts')> {
  const file = `${FOLDER}runs-${process.pid}.mjs`
  await build({
    input: SOURCE,
    platform: 'node',
    external: ['@sqlite.org/sqlite-wasm'],
    output: { file, format: 'esm', sourcemap: 'inline' },
  })
  return (await import(/* @vite-ignore */ pathToFileURL(file).href)) as typeof import('./many-runs.ts')
}
