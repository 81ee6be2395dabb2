import { readFile, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { publicDeclarations } from './public-declarations.mjs'
import { main, root } from './run.mjs'

const folder = join(root, 'packages/tutti')
const report = join(folder, 'api.md')

/**
 * What a user of the library can name, entry point by entry point.
 *
 * @returns {Promise<string>} Markdown
 */
export async function apiReport() {
  const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'))
  /** @type {[name: string, entry: string | Record<string, string>][]} */
  const entries = Object.entries(exports)
  const names = entries.map(([name]) => `- \`${name.replace('.', 'tutti')}\``)
  const files = entries.flatMap(([, entry]) => (typeof entry === 'string' ? [] : (entry['types'] ?? [])))
  const declarations = publicDeclarations(files.map((path) => join(folder, path)))
  /** @type {Map<string, string[]>} */
  const byFile = new Map()
  for (const [key, text] of [...declarations].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const file = relative(join(folder, 'dist'), key.replace(/\.d\.ts#.*$/, ''))
    byFile.set(file, [...(byFile.get(file) ?? []), text])
  }
  const parts = [...byFile].map(([file, texts]) => `## ${file}\n\n\`\`\`dts\n${texts.join('\n\n')}\n\`\`\``)
  return `${['# The API of tutti', 'Written by `npm run api`.', names.join('\n'), ...parts].join('\n\n')}\n`
}

await main(import.meta.url, async () => {
  const now = await apiReport()
  if (process.argv.includes('--write')) return writeFile(report, now)
  if ((await readFile(report, 'utf8').catch(() => '')) === now) return true
  console.error('The API is not what packages/tutti/api.md says. If that is meant: npm run api')
  return false
})
