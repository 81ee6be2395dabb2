import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { rolldown } from 'rolldown'
import { main, root } from './run.mjs'

/**
 * @typedef {object} Verdict
 * @property {readonly { readonly kind: string, readonly detail: string }[]} violations
 * @property {readonly string[]} hanging
 * @property {readonly { readonly code: string }[]} failed
 * @property {number} answered
 */

/**
 * Judges a history that a failing browser test left in `e2e/artifacts/…/history.jsonl` once more, by the
 * checker as it is now.
 *
 * @param {string} text the file's lines
 * @returns {Promise<Verdict>}
 */
export async function judgeHistory(text) {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-judge-'))
  try {
    // The checker is TypeScript, which Node 20 does not run.
    const bundle = await rolldown({ input: join(root, 'packages/tutti/test/history/index.ts') })
    const file = join(folder, 'history.mjs')
    await bundle.write({ file, format: 'esm' })
    await bundle.close()
    const { judgeRecording, parseRecording } = await import(pathToFileURL(file).href)
    return judgeRecording(parseRecording(text))
  } finally {
    await rm(folder, { recursive: true })
  }
}

await main(import.meta.url, async () => {
  const [, , file] = process.argv
  if (file === undefined) throw new Error('usage: npm run judge -- e2e/artifacts/…/history.jsonl')
  const { violations, hanging, failed, answered } = await judgeHistory(await readFile(file, 'utf8'))
  for (const { kind, detail } of violations) console.log(`${kind}: ${detail}`)
  for (const id of hanging) console.log(`hangs: ${id}`)
  const codes = [...new Set(failed.map(({ code }) => code))].join(', ')
  console.log(`${answered} calls answered, ${failed.length} failed${codes === '' ? '' : ` (${codes})`}`)
  console.log(`${violations.length} violations, ${hanging.length} hanging`)
  return violations.length + hanging.length === 0
})
