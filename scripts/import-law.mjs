import { readdir, readFile } from 'node:fs/promises'
import { dirname, join, normalize, relative, sep } from 'node:path'
import { main, root } from './run.mjs'

/**
 * Which folders of `packages/tutti/src` a folder may import, beside itself. An import goes down the layers
 * or sideways within a folder, never up.
 *
 * @type {Record<string, readonly string[]>}
 */
const layers = {
  index: ['page', 'protocol', 'errors'],
  adapters: ['index', 'page', 'protocol', 'errors'],
  page: ['protocol', 'platform', 'errors'],
  member: ['cluster', 'storage', 'sqlite', 'protocol', 'platform', 'errors'],
  primary: ['cluster', 'storage', 'sqlite', 'protocol', 'platform', 'errors'],
  sync: ['member', 'sqlite', 'protocol', 'platform', 'errors'],
  cluster: ['protocol', 'platform', 'errors'],
  storage: ['sqlite', 'protocol', 'platform', 'errors'],
  sqlite: ['protocol', 'platform', 'errors'],
  protocol: ['platform', 'errors'],
  platform: ['errors'],
  errors: [],
}

// Examples in docstrings import the library as its users do.
const comment = /\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm
const official = '@sqlite.org/sqlite-wasm'
const specifier =
  /(?:^|[\s;}])(?:import|export)\s(?:[^'"`;]*?\sfrom\s*)?['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

/**
 * What is wrong with the imports of one file; an empty list where they keep the law. What a file may take
 * from the browser's globals is the linter's part of the law (`no-restricted-globals`).
 *
 * @param {string} file path under `src`, with `/`
 * @param {string} text the file's source
 * @returns {string[]} one sentence for each breach
 */
export function breaches(file, text) {
  const layer = layerOf(file)
  const allowed = layers[layer]
  if (allowed === undefined) return [`${file}: "${layer}" is not a layer`]
  const found = []
  for (const [, fromName, dynamicName] of text.replace(comment, '').matchAll(specifier)) {
    const name = fromName ?? dynamicName ?? ''
    const why = name.startsWith('.')
      ? relativeBreach(
          file,
          layer,
          allowed,
          normalize(join(dirname(file), name))
            .split(sep)
            .join('/'),
          dynamicName !== undefined,
        )
      : packageBreach(layer, name)
    if (why !== undefined) found.push(`${file} imports ${name}: ${why}`)
  }
  return found
}

/**
 * @param {string} file
 * @param {string} layer
 * @param {readonly string[]} allowed
 * @param {string} target
 * @param {boolean} later whether it is loaded when it is needed, as a file of its own
 */
function relativeBreach(file, layer, allowed, target, later) {
  const to = layerOf(target)
  if (later && file === 'page/workers.ts' && target === 'sync/reader.ts') return undefined
  if (to !== layer && !allowed.includes(to)) return `${layer} may not know ${to}`
  if (target.startsWith('platform/simulated')) return 'the simulated platform is for tests'
  if (target === 'platform/browser.ts' && !touchesBrowser(file)) return 'platforms are passed in as arguments'
  return undefined
}

/**
 * @param {string} layer
 * @param {string} name
 */
function packageBreach(layer, name) {
  if (name === official || name.startsWith(`${official}/`)) {
    return layer === 'sqlite' ? undefined : 'only sqlite/ knows the official build'
  }
  return layer === 'adapters' ? undefined : 'the library has no other dependency'
}

/** Pages and worker entries put things together: they, and they alone, choose the browser's platform. @param {string} file */
function touchesBrowser(file) {
  return file.startsWith('page/') || file.startsWith('platform/') || file.endsWith('/worker.ts')
}

/** @param {string} file */
function layerOf(file) {
  return file.includes('/') ? file.slice(0, file.indexOf('/')) : file.replace(/\.ts$/, '')
}

/** Tests and what only tests import may reach anywhere. @param {string} file */
function isTest(file) {
  return (
    file.endsWith('.test.ts') ||
    file.endsWith('.d.ts') ||
    file.includes('/testing/') ||
    file.startsWith('platform/simulated')
  )
}

/**
 * @param {string} [source] the folder to look at
 * @returns {Promise<string[]>} every breach in it
 */
export async function allBreaches(source = join(root, 'packages/tutti/src')) {
  const entries = await readdir(source, { recursive: true, withFileTypes: true })
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => relative(source, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((file) => !isTest(file))
  const found = await Promise.all(
    files.map(async (file) => breaches(file, await readFile(join(source, file), 'utf8'))),
  )
  return found.flat()
}

await main(import.meta.url, async () => {
  const found = await allBreaches()
  for (const breach of found) console.error(breach)
  return found.length === 0
})
