import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { compile } from 'svelte/compiler'
import { compileScript, compileTemplate, parse } from 'vue/compiler-sfc'
import { root } from './run.mjs'

/**
 * @typedef {object} Fence a piece of a document
 * @property {string} language what stands behind its first mark; '' where nothing does
 * @property {string} code
 */

/**
 * Says what is wrong with a fence; nothing where it can be compiled. The others of its document are given, too.
 *
 * @typedef {(code: string, fences: readonly Fence[]) => string[]} Compiler
 */

/** What is not compiled, and why. */
export const exceptions = new Map([['', 'a drawing, a tree of folders or an HTTP header']])

/** Named in documents, and not installed with the house. */
const elsewhere = ['drizzle-kit']

/** @type {ReadonlyMap<string, Compiler>} by language */
export const compilers = new Map([
  // These are a project of TypeScript's: check-fences.mjs.
  ['ts', () => []],
  ['tsx', () => []],
  ['js', () => []],
  ['jsx', () => []],
  ['vue', compileVue],
  ['svelte', compileSvelte],
  ['html', compileHtml],
  ['json', (code) => complaints(() => JSON.parse(code))],
  ['sh', compileShell],
])

/**
 * @param {Fence} fence
 * @param {readonly Fence[]} fences all of its document
 * @returns {string[]} what is wrong with it
 */
export function compileFence({ language, code }, fences) {
  if (exceptions.has(language)) return []
  const compiler = compilers.get(language)
  if (compiler === undefined) return [`nobody knows how to compile ${language}`]
  return compiler(code, fences)
}

/** @param {string} code */
function compileVue(code) {
  return complaints(() => {
    const { descriptor, errors } = parse(code)
    if (errors[0] !== undefined) throw errors[0]
    // With the template in it, as a build has it, and as a server's build has it.
    compileScript(descriptor, { id: 'fence', inlineTemplate: true })
    compileScript(descriptor, {
      id: 'fence',
      inlineTemplate: true,
      templateOptions: { ssr: true, ssrCssVars: [] },
    })
  })
}

/** @param {string} code */
function compileSvelte(code) {
  return complaints(() => {
    for (const generate of /** @type {const} */ (['client', 'server'])) {
      const [warning] = compile(code, { generate }).warnings
      if (warning !== undefined) throw new Error(warning.message)
    }
  })
}

const script = /<script([^>]*)>([\s\S]*?)<\/script>/g

/** @type {Compiler} */
function compileHtml(code, fences) {
  const { errors } = compileTemplate({ source: code.replaceAll(script, ''), id: 'fence', filename: 'fence' })
  const inScripts = [...code.matchAll(script)].flatMap(([, attributes = '', text = '']) => {
    const source = / src="[./]*([^"]+)\.\w+"/.exec(attributes)?.[1]
    if (source !== undefined) {
      const shown = fences.some((fence) => new RegExp(`^// ${source}\\.\\w+\\n`).test(fence.code))
      return shown || existsSync(join(root, 'e2e/packaging/app', `${source}.js`))
        ? []
        : [`no fence shows the script ${source}`]
    }
    if (attributes.includes('type="importmap"')) return complaints(() => JSON.parse(text))
    return complaints(() => parseAst(text))
  })
  return [...errors.map((error) => (typeof error === 'string' ? error : error.message)), ...inScripts]
}

const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** @param {string} code commands, of which each is npm's or a tool that is installed */
function compileShell(code) {
  return code
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split('&&'))
    .map((command) => command.trim().replace(/^([A-Z_]+=\S+ +)*/, ''))
    .filter((command) => command !== '' && !isCommand(command.split(/ +/)))
    .map((command) => `there is nothing to run as: ${command}`)
}

/** @param {readonly string[]} words of one command */
function isCommand([tool, verb = '', ...rest]) {
  const names = rest.filter((word) => !word.startsWith('-'))
  if (tool === 'npx') {
    const paths = names.filter((word) => word.includes('/'))
    return exists('node_modules/.bin', verb) && paths.every((path) => exists(path))
  }
  if (tool !== 'npm') return false
  if (verb === 'ci') return rest.length === 0
  if (verb === 'run') return names[0] !== undefined && names[0] in scripts
  if (verb === 'install')
    return names.every((name) => exists('node_modules', name) || elsewhere.includes(name))
  return (verb === 'start' || verb === 'test') && verb in scripts
}

/** @param {...string} path */
function exists(...path) {
  return existsSync(join(root, ...path))
}

/**
 * @param {() => unknown} work
 * @returns {string[]} what it throws
 */
function complaints(work) {
  try {
    work()
    return []
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)]
  }
}
