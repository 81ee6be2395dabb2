import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseSync } from 'rolldown/utils'

/**
 * @typedef {object} Module what is used of a declaration file
 * @property {Map<string, { text: string, names: Set<string> }>} declared by name: the text, and what it mentions
 * @property {Map<string, { file: string, name: string }>} imported by local name, from files of the package
 * @property {Map<string, { file: string, name: string }>} exported by exported name
 * @property {string[]} stars files all of whose exports are exported
 *
 * @typedef {object} Node what is used of a syntax tree's node
 * @property {string} type
 * @property {number} start
 * @property {number} end
 * @property {string} [name]
 * @property {{ value: string } | null} [source]
 * @property {{ local: { name: string }, imported?: { name: string }, exported: { name: string } }[]} [specifiers]
 * @property {Node | null} [declaration]
 * @property {Node[]} [declarations]
 * @property {Node | null} [id]
 */

const comment = /^[ \t]*\/\*\*[\s\S]*?\*\/\n/gm

/**
 * Every declaration that a user of a package can name, and all that these mention, as the compiler wrote them,
 * without comments. What constructors and protected methods take is not followed: handles come from functions.
 *
 * @param {readonly string[]} entries `.d.ts` files
 * @returns {Map<string, string>} by `file#name`
 */
export function publicDeclarations(entries) {
  /** @type {Map<string, Module>} */
  const modules = new Map()
  /** @param {string} file */
  const load = (file) => {
    const known = modules.get(file) ?? readModule(file)
    modules.set(file, known)
    return known
  }
  /** @type {Map<string, string>} */
  const found = new Map()

  /** @param {string} file @param {string} name */
  function visit(file, name) {
    const { declared, imported, exported } = load(file)
    const declaration = declared.get(name)
    const elsewhere = imported.get(name) ?? exported.get(name)
    if (declaration === undefined) {
      if (elsewhere !== undefined && (elsewhere.file !== file || elsewhere.name !== name))
        visit(elsewhere.file, elsewhere.name)
      return
    }
    if (found.has(`${file}#${name}`)) return
    found.set(`${file}#${name}`, declaration.text)
    for (const mentioned of declaration.names) visit(file, mentioned)
  }

  /** @param {string} file */
  function visitAll(file) {
    const { exported, stars } = load(file)
    for (const { file: from, name } of exported.values()) visit(from, name)
    for (const star of stars) visitAll(star)
  }

  for (const entry of entries) visitAll(entry)
  return found
}

/**
 * @param {string} file
 * @returns {Module}
 */
function readModule(file) {
  const source = readFileSync(file, 'utf8').replace(comment, '')
  const { program, errors } = parseSync(file, source, { lang: 'dts', sourceType: 'module' })
  if (errors.length > 0) throw new Error(`${file}: ${errors[0]?.message}`)
  /** @type {Module} */
  const module = { declared: new Map(), imported: new Map(), exported: new Map(), stars: [] }
  for (const statement of /** @type {Node[]} */ (/** @type {unknown} */ (program.body))) {
    const from = besides(file, statement.source?.value)
    if (statement.type === 'ImportDeclaration') {
      for (const { imported, local } of statement.specifiers ?? []) {
        if (from !== undefined && imported !== undefined)
          module.imported.set(local.name, { file: from, name: imported.name })
      }
    } else if (statement.type === 'ExportAllDeclaration') {
      if (from !== undefined) module.stars.push(from)
    } else {
      for (const { local, exported } of statement.specifiers ?? []) {
        module.exported.set(exported.name, { file: from ?? file, name: local.name })
      }
      for (const name of namesOf(statement.declaration ?? statement)) {
        const text = source.slice(statement.start, statement.end)
        module.declared.set(name, { text, names: mentions(statement) })
        if (statement.type === 'ExportNamedDeclaration') module.exported.set(name, { file, name })
      }
    }
  }
  return module
}

/**
 * @param {string} file
 * @param {string | undefined} path as an import has it; only files of the package are followed
 */
function besides(file, path) {
  return path?.startsWith('.') ? join(dirname(file), path.replace(/(?:\.d)?\.[jt]sx?$/, '.d.ts')) : undefined
}

/**
 * @param {Node} declaration
 * @returns {string[]}
 */
function namesOf({ id, declarations = [] }) {
  return [id, ...declarations.map((each) => each.id)].flatMap((each) => each?.name ?? [])
}

/**
 * @param {unknown} node
 * @param {Set<string>} [names]
 */
function mentions(node, names = new Set()) {
  if (typeof node !== 'object' || node === null) return names
  if ('type' in node && node.type === 'Identifier' && 'name' in node) names.add(String(node.name))
  if ('kind' in node && node.kind === 'constructor') return names
  if ('accessibility' in node && node.accessibility === 'protected') return names
  for (const child of Object.values(node)) mentions(child, names)
  return names
}
