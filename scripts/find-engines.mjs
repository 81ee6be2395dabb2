import { execFileSync } from 'node:child_process'
import { findOnPath, isExecutable } from './find-on-path.mjs'

/** @returns {string} the path of Firefox */
export function findFirefox() {
  return needed('Firefox', process.env['TUTTI_FIREFOX'] || findOnPath(['firefox-esr', 'firefox']))
}

/**
 * What runs WebKitGTK: Debian's own Python, which alone finds the library's bindings, and a screen that nobody
 * sees.
 *
 * @returns {{ python: string, screen: string }}
 */
export function findWebKit() {
  const python = needed('Python', ['/usr/bin/python3'].find(isExecutable))
  execFileSync(python, ['-c', 'import gi; gi.require_version("WebKit2", "4.1")'], { stdio: 'pipe' })
  return { python, screen: needed('Xvfb', findOnPath(['Xvfb'])) }
}

/**
 * @param {string} what
 * @param {string | undefined} path
 */
function needed(what, path) {
  if (path === undefined) throw new Error(`${what} was not found, and could not be installed here`)
  return path
}
