import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main, root } from './run.mjs'

const id = '[PR]\\d+(?:\\.\\d+)*'
const definition = new RegExp(
  `^\\s*(?:[-*]\\s+|#{1,6}\\s+|\\|\\s*)?\\*{0,2}(${id})\\*{0,2}[.:]?(?=\\s|$)(.*)$`,
)
/** `withStore` registers tests of the storage contract, which run in Node and in browsers. */
const title =
  /\b(?:it|test|describe|withStore)(?:\.\w+(?:\((?:[^()]|\([^()]*\))*\))?)*\(\s*(['"`])((?:\\.|(?!\1)[^\\])*)\1/g
const later = /\(later: ([^)]+)\)/

/**
 * @typedef {object} Rule
 * @property {string} id
 * @property {string | undefined} later what will bring its test, where the rule is marked `(later: …)`
 */

/**
 * The rules of a SPEC: a heading, a list item or a table row that begins with a rule's id (`P1`, `P3.2`,
 * `R14`), which may be bold.
 *
 * @param {string} spec
 * @returns {Rule[]}
 */
export function rulesOf(spec) {
  const rules = []
  for (const line of spec.split('\n')) {
    const [, ruleId, rest = ''] = definition.exec(line) ?? []
    if (ruleId !== undefined && /^\s*(?:[-*]\s|#|\||\*\*)/.test(line))
      rules.push({ id: ruleId, later: later.exec(rest)?.[1] })
  }
  return rules
}

/**
 * The rule ids that the titles of tests in a source text quote.
 *
 * @param {string} source
 * @returns {string[]}
 */
export function citationsOf(source) {
  const titles = [...source.matchAll(title)].map(([, , text = '']) => text)
  return titles.flatMap((text) => text.match(new RegExp(`\\b${id}\\b`, 'g')) ?? [])
}

/**
 * @param {readonly Rule[]} rules
 * @param {ReadonlyMap<string, readonly string[]>} citations by file
 * @returns {{ problems: string[], exempt: string[] }} sentences to print
 */
export function compare(rules, citations) {
  const known = new Set(rules.map((rule) => rule.id))
  const cited = new Set([...citations.values()].flat())
  const problems = []
  if (rules.length === 0) problems.push('SPEC.md has no rules')
  if (known.size < rules.length) problems.push('SPEC.md gives one id to two rules')
  for (const [file, ids] of citations) {
    for (const unknown of new Set(ids))
      if (!known.has(unknown)) problems.push(`${file} quotes ${unknown}, which SPEC.md does not have`)
  }
  const untested = rules.filter((rule) => !cited.has(rule.id))
  for (const rule of untested) if (rule.later === undefined) problems.push(`${rule.id} has no test`)
  const exempt = untested.flatMap((rule) =>
    rule.later === undefined ? [] : [`${rule.id} comes later: ${rule.later}`],
  )
  return { problems, exempt }
}

/** @returns {Promise<Map<string, string[]>>} what each source file's tests quote */
async function readCitations() {
  const citations = new Map()
  for (const folder of ['packages', 'apps', 'e2e']) {
    const entries = await readdir(join(root, folder), { recursive: true, withFileTypes: true })
    for (const entry of entries) {
      const path = join(entry.parentPath, entry.name)
      if (
        !entry.isFile() ||
        !/(?<!\.d)\.tsx?$/.test(path) ||
        /\/(?:node_modules|dist|artifacts)\//.test(path)
      )
        continue
      const ids = citationsOf(await readFile(path, 'utf8'))
      if (ids.length > 0) citations.set(path.slice(root.length), ids)
    }
  }
  return citations
}

await main(import.meta.url, async () => {
  const rules = rulesOf(await readFile(join(root, 'SPEC.md'), 'utf8').catch(() => ''))
  const { problems, exempt } = compare(rules, await readCitations())
  for (const line of exempt) console.log(line)
  for (const line of problems) console.error(line)
  console.log(`${rules.length} rules, ${exempt.length} for later, ${problems.length} problems`)
  return problems.length === 0
})
