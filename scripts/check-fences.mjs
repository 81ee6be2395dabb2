import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { libraries } from './build.mjs'
import { main, root, run } from './run.mjs'

const fence = /^```(tsx?|vue|svelte) *\n([\s\S]*?)^```/gm
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
 * The ts and tsx fences of a document, and the scripts of its components, each as a module of its own.
 *
 * @param {string} markdown
 * @returns {{ language: string, component: boolean, code: string }[]}
 */
export function modulesOf(markdown) {
  return [...markdown.matchAll(fence)].map(([, fenced = '', text = '']) => {
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
 * Whose JSX a document writes: that of the framework that it imports.
 *
 * @param {string} language
 * @param {string} markdown
 * @returns {string[]}
 */
function jsx(language, markdown) {
  if (language !== 'tsx') return []
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

await main(import.meta.url, async () => {
  const folder = join(root, 'node_modules/.cache/tutti-fences')
  await rm(folder, { recursive: true, force: true })
  let count = 0
  for (const document of await documents()) {
    const files = filesOf(await readFile(join(root, document), 'utf8'))
    const own = join(folder, document)
    if (files.size > 0) await mkdir(own, { recursive: true })
    await Promise.all([...files].map(([file, code]) => writeFile(join(own, file), code)))
    count += files.size
  }
  console.log(`${count} code fences`)
  if (count === 0) return true
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      // Of the bundler that examples are written for, `import.meta.glob`; and Svelte's runes.
      compilerOptions: {
        noEmit: true,
        jsx: 'react-jsx',
        noUnusedLocals: false,
        noUnusedParameters: false,
        types: ['vite/client', 'svelte'],
      },
      include: ['**/*.ts', '**/*.tsx'],
    }),
  )
  return (await run('tsc', ['-p', folder])) === 0
})
