/**
 * What a part of a command adds to its closing line, also where it threw.
 *
 * @param {() => Promise<{ passed: number, failed: number }>} part
 */
export async function orFailed(part) {
  try {
    return await part()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    return { passed: 0, failed: 1 }
  }
}

/**
 * Prints the closing line of a command.
 *
 * @param {readonly { passed: number, failed: number }[]} parts
 * @returns {boolean} whether nothing failed
 */
export function sum(parts) {
  const passed = parts.reduce((all, part) => all + part.passed, 0)
  const failed = parts.reduce((all, part) => all + part.failed, 0)
  console.log(`${passed} passed, ${failed} failed`)
  return failed === 0
}
