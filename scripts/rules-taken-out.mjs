import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { takenOut } from './rules-taken-out-list.mjs'
import { main, root, run } from './run.mjs'

/** @typedef {import('./rules-taken-out-list.mjs').TakenOut} TakenOut */

/** What the tests of the library need beside the installed packages. */
const NEEDED = ['packages/tutti/src', 'packages/tutti/test', 'packages/tutti/package.json', 'package.json']
const NEEDED_AT_ROOT = ['vitest.config.ts', 'tsconfig.base.json']

/**
 * The source without one of its rules.
 *
 * @param {string} source
 * @param {Pick<TakenOut, 'search' | 'replace'>} rule
 * @returns {string}
 */
export function takeOut(source, { search, replace }) {
  const parts = source.split(search)
  if (parts.length !== 2)
    throw new Error(`is to be found once, and is there ${parts.length - 1} times: ${search}`)
  return parts.join(replace)
}

/** A copy of the library, so that nothing is ever changed in place. */
async function copyHouse() {
  const copy = await mkdtemp(join(tmpdir(), 'tutti-rules-'))
  for (const path of [...NEEDED, ...NEEDED_AT_ROOT])
    await cp(join(root, path), join(copy, path), { recursive: true })
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'))
  return copy
}

/**
 * @param {string} copy
 * @param {Pick<TakenOut, 'tests' | 'env'>} rule
 * @returns {Promise<{ passed: boolean, titles: string[] }>} whether all passed, and the titles of those that failed
 */
async function runTests(copy, { tests, env = {} }) {
  const file = join(copy, 'report.json')
  await rm(file, { force: true })
  const args = ['run', '--root', copy, '--bail=1', '--reporter=json', `--outputFile.json=${file}`, ...tests]
  const code = await run('vitest', args, { cwd: copy, env: { TUTTI_SEEDS: '4', ...env }, quiet: true })
  const report = JSON.parse(await readFile(file, 'utf8'))
  const ran = report.testResults.flatMap((/** @type {any} */ { assertionResults }) => assertionResults)
  if (ran.length === 0) throw new Error(`no test ran: ${report.testResults[0]?.message ?? 'none was found'}`)
  const failed = ran.filter((/** @type {any} */ { status }) => status === 'failed')
  return { passed: code === 0, titles: failed.map((/** @type {any} */ { title }) => title) }
}

/**
 * Takes one rule out, and says which test noticed.
 *
 * @param {string} copy
 * @param {TakenOut} rule
 * @returns {Promise<boolean>} whether it was caught
 */
async function prove(copy, rule) {
  const path = join(copy, rule.file)
  const source = await readFile(path, 'utf8')
  try {
    await writeFile(path, takeOut(source, rule))
    const { passed, titles } = await runTests(copy, rule)
    if (passed) console.log(`${rule.rule} taken out: NOT NOTICED by ${rule.tests.join(', ')} (${rule.file})`)
    else console.log(`${rule.rule} taken out: caught by "${titles[0] ?? rule.tests.join(', ')}"`)
    return !passed
  } catch (error) {
    console.log(
      `${rule.rule} could not be taken out of ${rule.file}: ${error instanceof Error ? error.message : error}`,
    )
    return false
  } finally {
    await writeFile(path, source)
  }
}

// Give the ids of rules to try only those.
await main(import.meta.url, async () => {
  const wanted = process.argv.slice(2)
  const rules = takenOut.filter(({ rule }) => wanted.length === 0 || wanted.includes(rule))
  const copy = await copyHouse()
  let passed = 0
  try {
    for (const rule of rules) if (await prove(copy, rule)) passed += 1
  } finally {
    await rm(copy, { recursive: true })
  }
  console.log(`${passed} passed, ${rules.length - passed} failed`)
  return passed === rules.length
})
