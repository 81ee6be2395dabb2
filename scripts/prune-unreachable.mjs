import { readdir, readFile, rm, rmdir } from 'node:fs/promises'
import { dirname, join, normalize } from 'node:path'

// Examples in docstrings import what an app has.
const docstring = /^\s*\/\*\*[\s\S]*?\*\//gm
const specifier = /(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g

/**
 * Deletes every file of a folder that none of the entries reaches by relative imports: tsc also emits the
 * modules that are already inside a worker's bundle.
 *
 * @param {string} folder
 * @param {readonly string[]} entries paths relative to the folder
 */
export async function pruneUnreachable(folder, entries) {
  const files = new Set(await listFiles(folder))
  const reached = new Set()
  const queue = [...entries]
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (reached.has(file)) continue
    if (!files.has(file)) throw new Error(`${file} is imported or listed, but was not built`)
    reached.add(file)
    if (!file.endsWith('.js') && !file.endsWith('.d.ts')) continue
    const text = (await readFile(join(folder, file), 'utf8')).replace(docstring, '')
    for (const [, path] of text.matchAll(specifier)) {
      if (path !== undefined) queue.push(target(file, path))
    }
  }
  for (const file of files) if (!reached.has(file)) await rm(join(folder, file))
  await removeEmptyFolders(folder)
}

/**
 * @param {string} from the importing file
 * @param {string} path the specifier; tsc writes `.js` in scripts and keeps `.ts` in declarations
 */
function target(from, path) {
  const to = normalize(join(dirname(from), path))
  return from.endsWith('.d.ts') ? to.replace(/\.[jt]s$/, '.d.ts') : to
}

/** @param {string} folder */
async function listFiles(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
}

/** @param {string} folder */
async function removeEmptyFolders(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await removeEmptyFolders(join(folder, entry.name))
  }
  if ((await readdir(folder)).length === 0) await rmdir(folder)
}
