/** @import { Part } from './tally.mjs' */

/**
 * What a part of a command adds to its end, also where it threw.
 *
 * @param {() => Promise<Part>} part
 * @returns {Promise<Part>}
 */
export async function orFailed(part) {
  try {
    return await part()
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    console.error(message)
    return { passed: 0, failed: 1, failures: [message] }
  }
}

/**
 * Prints what failed, so that it is found at the end of a long output, and the closing line of a command.
 *
 * @param {readonly Part[]} parts
 * @returns {boolean} whether nothing failed
 */
export function sum(parts) {
  const passed = parts.reduce((all, part) => all + part.passed, 0)
  const failed = parts.reduce((all, part) => all + part.failed, 0)
  for (const failure of parts.flatMap(({ failures }) => failures)) console.log(`FAILED ${failure}`)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}
