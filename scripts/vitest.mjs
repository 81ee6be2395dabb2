import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root, run } from './run.mjs'
import { tally } from './tally.mjs'

/**
 * Runs vitest in a folder with the configuration found there.
 *
 * @param {string} folder
 * @param {Record<string, string>} [env]
 * @param {readonly string[]} [more] arguments: which files, another configuration
 * @returns {Promise<import('./tally.mjs').Part>}
 */
export async function vitest(folder, env = {}, more = []) {
  const scratch = await mkdtemp(join(tmpdir(), 'tutti-test-'))
  const file = join(scratch, 'report.json')
  const args = ['run', ...more, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
  const code = await run('vitest', args, { cwd: join(root, folder), env })
  const report = await readFile(file, 'utf8').then(JSON.parse, () => undefined)
  await rm(scratch, { recursive: true })
  return tally(code, report)
}
