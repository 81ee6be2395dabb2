import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { libraries } from './build.mjs'
import { main, root } from './run.mjs'

const run = promisify(execFile)

/** How a `require` would find the types. The packages are ES modules alone. */
const notForUs = ['node10', 'node16-cjs']

/**
 * What publint and attw find wrong with a built package as a registry would have it.
 *
 * @param {string} folder
 * @returns {Promise<string[]>}
 */
export async function problemsOf(folder) {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  const { messages } = await publint({ pkgDir: folder, strict: true })
  /** @type {[name: string, entry: string | Record<string, string>][]} */
  const entries = Object.entries(manifest.exports)
  // Workers and wasm, which are named by their files, are imported by nobody.
  const entrypoints = entries.filter(([, entry]) => typeof entry !== 'string').map(([name]) => name)
  const packed = createPackageFromTarballData(await pack(folder))
  const types = await checkPackage(packed, { entrypoints })
  if (types.types === false) return ['attw: no types']
  const wrong = types.problems.filter(
    (problem) => !('resolutionKind' in problem && notForUs.includes(problem.resolutionKind)),
  )
  return [
    ...messages.map((message) => `publint: ${formatMessage(message, manifest)}`),
    ...wrong.map((problem) => `attw: ${JSON.stringify(problem)}`),
  ]
}

/**
 * @param {string} folder
 * @returns {Promise<Uint8Array>}
 */
async function pack(folder) {
  const target = await mkdtemp(join(tmpdir(), 'tutti-pack-'))
  try {
    const { stdout } = await run('npm', ['pack', '--json', '--pack-destination', target], { cwd: folder })
    const [{ filename }] = JSON.parse(stdout)
    return await readFile(join(target, filename))
  } finally {
    await rm(target, { recursive: true })
  }
}

await main(import.meta.url, async () => {
  let count = 0
  for (const folder of libraries) {
    const problems = await problemsOf(join(root, folder))
    for (const problem of problems) console.error(`${folder}: ${problem}`)
    count += problems.length
  }
  console.log(`${libraries.length} packages, ${count} problems`)
  return count === 0
})
