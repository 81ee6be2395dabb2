import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { build, libraries } from './build.mjs'
import { main, root, run } from './run.mjs'

const projects = ['packages/tutti', 'packages/inspector', 'apps/practice', 'e2e', 'bench', 'scripts']

/** @type {readonly (readonly [title: string, command: string, args: readonly string[]])[]} */
const checks = [
  ...projects
    .filter((project) => existsSync(join(root, project, 'tsconfig.json')))
    .map((project) => /** @type {const} */ ([`types of ${project}`, 'tsc', ['--noEmit', '-p', project]])),
  ['format', 'biome', ['check', '.']],
  ['lint', 'oxlint', ['--type-aware', '--deny-warnings']],
  ['import law', 'node', ['scripts/import-law.mjs']],
  ['code fences', 'node', ['scripts/check-fences.mjs']],
  ['public API', 'node', ['scripts/api-report.mjs']],
  ['packages', 'node', ['scripts/check-package.mjs']],
  ['size', 'node', ['scripts/check-size.mjs']],
  ['SPEC coverage', 'node', ['scripts/check-spec.mjs']],
]

/**
 * Runs every check, also after one has failed. The libraries must have been built.
 *
 * @returns {Promise<import('./tally.mjs').Part>}
 */
export async function check() {
  const failures = []
  for (const [title, command, args] of checks) {
    const ok = (await run(command, args)) === 0
    if (!ok) failures.push(`check: ${title}`)
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${title}`)
  }
  return { passed: checks.length - failures.length, failed: failures.length, failures }
}

await main(import.meta.url, async () => {
  await build(libraries)
  const { passed, failed } = await check()
  console.log(`${passed} checks passed, ${failed} failed`)
  return failed === 0
})
