import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main, root, run } from './run.mjs'

const documents = ['README.md', 'CHANGELOG.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md']
const fence = /^```tsx? *\n([\s\S]*?)^```/gm

// What a fence may use without showing it, because the one before it did.
const prelude = {
  db: "declare const db: Awaited<ReturnType<typeof import('tutti').open>>",
  migrations: 'declare const migrations: readonly { name: string; sql: string }[]',
}

/**
 * The ts fences of a document, each as a module of its own.
 *
 * @param {string} markdown
 * @returns {string[]}
 */
export function modulesOf(markdown) {
  return [...markdown.matchAll(fence)].map(([, code = '']) => {
    const missing = Object.entries(prelude).filter(
      ([name]) =>
        new RegExp(`\\b${name}\\b`).test(code) &&
        !new RegExp(`\\b(?:const|let|import|function)\\b[^=\\n]*\\b${name}\\b`).test(code),
    )
    return [...missing.map(([, line]) => line), code, 'export {}', ''].join('\n')
  })
}

await main(import.meta.url, async () => {
  const folder = join(root, 'node_modules/.cache/tutti-fences')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  const guides = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.md')).toSorted()
  const names = [...documents, ...guides.map((name) => `docs/${name}`)]
  const texts = await Promise.all(names.map((name) => readFile(join(root, name), 'utf8').catch(() => '')))
  const modules = texts.flatMap((text, document) =>
    modulesOf(text).map((code, index) => ({
      file: `${names[document]?.replaceAll('/', '-')}-${index + 1}.ts`,
      code,
    })),
  )
  console.log(`${modules.length} code fences`)
  if (modules.length === 0) return true
  await Promise.all(modules.map(({ file, code }) => writeFile(join(folder, file), code)))
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: join(root, 'tsconfig.base.json'),
      compilerOptions: { noEmit: true, noUnusedLocals: false, noUnusedParameters: false },
      include: ['*.ts'],
    }),
  )
  return (await run('tsc', ['-p', folder])) === 0
})
