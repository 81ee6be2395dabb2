import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** The repository's root folder. */
export const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Runs a command with this terminal's output and this repository's tools on the path.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string>, quiet?: boolean }} [options] `quiet`: without its output
 * @returns {Promise<number>} the exit code; 1 where a signal ended it
 */
export function run(command, args, { cwd = root, env = {}, quiet = false } = {}) {
  return new Promise((resolve, reject) => {
    const path = `${root}node_modules/.bin:${process.env['PATH']}`
    const child = spawn(command, args, {
      cwd,
      stdio: quiet ? 'ignore' : 'inherit',
      env: { ...process.env, PATH: path, ...env },
    })
    child.once('error', reject)
    child.once('close', (code) => resolve(code ?? 1))
  })
}

/**
 * Runs a command that must succeed.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: Record<string, string> }} [options]
 */
export async function must(command, args, options) {
  const code = await run(command, args, options)
  if (code !== 0) throw new Error(`${command} ${args.join(' ')} ended with ${code}`)
}

/**
 * Runs a module's body where it was started as `node that-module.mjs`, and not where it is imported. A
 * failure is one line: what failed has already printed why.
 *
 * @param {string} moduleUrl
 * @param {() => Promise<boolean | void>} body `false` is a failure, too
 */
export async function main(moduleUrl, body) {
  if (process.argv[1] !== fileURLToPath(moduleUrl)) return
  try {
    if ((await body()) === false) process.exitCode = 1
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  }
}
