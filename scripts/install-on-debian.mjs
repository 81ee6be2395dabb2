import { execFileSync } from 'node:child_process'
import { run } from './run.mjs'

/**
 * Installs packages where this is a Debian whose packages we may install; elsewhere it does nothing.
 *
 * @param {readonly string[]} packages
 */
export async function installOnDebian(packages) {
  if (!works('apt-get', ['--version'])) return
  const prefix = process.getuid?.() === 0 ? [] : ['sudo', '-n']
  if (prefix.length > 0 && !works('sudo', ['-n', 'true'])) return
  for (const args of [['update'], ['install', '-y', ...packages]]) {
    const [command = 'apt-get', ...rest] = [...prefix, 'apt-get', ...args]
    await run(command, rest, { env: { DEBIAN_FRONTEND: 'noninteractive' } })
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function works(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
