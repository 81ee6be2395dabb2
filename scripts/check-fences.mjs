import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { libraries } from './build.mjs'
import { compileFence } from './fence-compilers.mjs'
import { main, root, run } from './run.mjs'

/** @typedef {import('./fence-compilers.mjs').Fence} Fence */

const fence = /^ *```(\S*)[^\n]*\n([\s\S]*?)^ *```$/gm
const typed = ['ts', 'tsx', 'vue', 'svelte']
const untyped = ['js', 'jsx']
/** Only parsed: a service worker has other globals than a page, and `useState()` another type in TypeScript. */
const parsed = ['public/sw.js', 'app/tunes.jsx']
/** Of a component, what its compiler hands to TypeScript. */
const script = /<script[^>]* lang="ts"[^>]*>\n([\s\S]*?)<\/script>/
/** A fence that says which file it is can be imported by the others of its document. */
const title = /^\/\/ (\S+\.tsx?)$/m

// What a fence may use without showing it, because the one before it did.
const prelude = {
  db: "declare const db: Awaited<ReturnType<typeof import('tutti').open>>",
  migrations: 'declare const migrations: readonly { name: string; sql: string }[]',
}

/**
 * Every fence of a document, in its order.
 *
 * @param {string} markdown
 * @returns {Fence[]}
 */
export function fencesOf(markdown) {
  return [...markdown.matchAll(fence)].map(([, language = '', code = '']) => ({ language, code }))
}

/**
 * The ts and tsx fences of a document, and the scripts of its components, each as a module of its own.
 *
 * @param {string} markdown
 * @returns {{ language: string, component: boolean, code: string }[]}
 */
export function modulesOf(markdown) {
  const fences = fencesOf(markdown).filter(({ language }) => typed.includes(language))
  return fences.map(({ language: fenced, code: text }) => {
    const component = fenced === 'vue' || fenced === 'svelte'
    const language = component ? 'ts' : fenced
    const code = component ? (script.exec(text)?.[1] ?? '') : text
    const missing = Object.entries(prelude).filter(
      ([name]) =>
        new RegExp(`\\b${name}\\b`).test(code) &&
        !new RegExp(`\\b(?:const|let|import|function)\\b[^=\\n]*\\b${name}\\b`).test(code),
    )
    const lines = [...missing.map(([, line]) => line), code, 'export {}', '']
    return { language, component, code: [...jsx(language, markdown), ...lines].join('\n') }
  })
}

/**
 * Every fence of a document by the file that it becomes: the one that its first line names, or a number.
 *
 * @param {string} markdown
 * @param {(fence: { component: boolean }) => boolean} [wanted]
 * @returns {Map<string, string>}
 */
export function filesOf(markdown, wanted = () => true) {
  return new Map(
    modulesOf(markdown)
      .filter(wanted)
      .map(({ language, code }, index) => [title.exec(code)?.[1] ?? `${index + 1}.${language}`, code]),
  )
}

/**
 * The js and jsx fences of a document, each by a name of its own.
 *
 * @param {string} markdown
 * @returns {Map<string, string>}
 */
export function scriptsOf(markdown) {
  const fences = fencesOf(markdown).filter(({ language }) => untyped.includes(language))
  return new Map(
    fences.map(({ language, code }, index) => {
      const unchecked = parsed.some((name) => code.startsWith(`// ${name}\n`)) ? ['// @ts-nocheck'] : []
      return [`${index + 1}.${language}`, [...jsx(language, markdown), ...unchecked, code].join('\n')]
    }),
  )
}

/**
 * Whose JSX a document writes: that of the framework that it imports.
 *
 * @param {string} language
 * @param {string} markdown
 * @returns {string[]}
 */
function jsx(language, markdown) {
  if (!language.endsWith('x')) return []
  return [`/** @jsxImportSource ${/from 'react'/.test(markdown) ? 'react' : 'solid-js'} */`]
}

/** @returns {Promise<string[]>} the documents of the house, relative to its root */
export async function documents() {
  const [top, guides] = await Promise.all([readdir(root), readdir(join(root, 'docs'))])
  const all = [
    ...top,
    ...guides.map((name) => `docs/${name}`),
    ...libraries.map((folder) => `${folder}/README.md`),
  ]
  return all.filter((name) => name.endsWith('.md'))
}

/**
 * Compiles what TypeScript compiles: `typed` with the house's own strictness, `scripts` as it looks at JavaScript.
 *
 * @param {string} folder
 */
async function compileProjects(folder) {
  const shared = { noEmit: true, noUnusedLocals: false, noUnusedParameters: false, jsx: 'react-jsx' }
  const lax = { strict: false, exactOptionalPropertyTypes: false, allowJs: true, checkJs: true }
  const projects = {
    // Of the bundler that examples are written for, `import.meta.glob`; and Svelte's runes.
    typed: { ...shared, types: ['vite/client', 'svelte'] },
    scripts: { ...shared, ...lax, types: ['node'] },
  }
  let ok = true
  for (const [name, compilerOptions] of Object.entries(projects)) {
    const project = { extends: join(root, 'tsconfig.base.json'), compilerOptions, include: ['**/*'] }
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'tsconfig.json'), JSON.stringify(project))
    ok = (await run('tsc', ['-p', join(folder, name)])) === 0 && ok
  }
  return ok
}

await main(import.meta.url, async () => {
  const folder = join(root, 'node_modules/.cache/tutti-fences')
  await rm(folder, { recursive: true, force: true })
  let count = 0
  let ok = true
  for (const document of await documents()) {
    const markdown = await readFile(join(root, document), 'utf8')
    const fences = fencesOf(markdown)
    count += fences.length
    for (const one of fences) {
      for (const complaint of compileFence(one, fences)) {
        console.error(`${document}: ${complaint}\n${one.code}`)
        ok = false
      }
    }
    for (const [name, files] of Object.entries({ typed: filesOf(markdown), scripts: scriptsOf(markdown) })) {
      const own = join(folder, name, document)
      if (files.size > 0) await mkdir(own, { recursive: true })
      await Promise.all([...files].map(([file, code]) => writeFile(join(own, file), code)))
    }
  }
  console.log(`${count} code fences`)
  return (await compileProjects(folder)) && ok
})
