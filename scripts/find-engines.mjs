import { findOnPath } from './find-on-path.mjs'

/** @returns {string} the path of Firefox */
export function findFirefox() {
  return needed('Firefox', process.env['TUTTI_FIREFOX'] || findOnPath(['firefox-esr', 'firefox']))
}

/** @returns {{ driver: string, screen: string }} what drives WebKitGTK, and the screen that nobody sees */
export function findWebKit() {
  return {
    driver: needed('WebKitWebDriver', findOnPath(['WebKitWebDriver'])),
    screen: needed('Xvfb', findOnPath(['Xvfb'])),
  }
}

/**
 * @param {string} what
 * @param {string | undefined} path
 */
function needed(what, path) {
  if (path === undefined) throw new Error(`${what} was not found, and could not be installed here`)
  return path
}
