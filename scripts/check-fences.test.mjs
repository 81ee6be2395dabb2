import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { documents, fencesOf, filesOf, modulesOf, scriptsOf } from './check-fences.mjs'
import { compileFence, compilers, exceptions } from './fence-compilers.mjs'
import { root } from './run.mjs'

const markdown = ['# T', '```ts', "await db.get('select 1')", '```', '```sh', 'npm test', '```'].join('\n')
const opening = ['```ts', "import { open } from 'tutti'", "const db = await open({ user: 'u' })", '```'].join(
  '\n',
)

describe('the code fences', () => {
  it('are taken where they are ts, and may use the handle of an earlier one', () => {
    const [first, ...rest] = modulesOf(markdown)
    expect(rest).toEqual([])
    expect(first?.code).toContain('declare const db: ')
    expect(first?.code).toContain("await db.get('select 1')")
  })

  it('become the files that they say they are, or numbered ones', () => {
    const guide = ['```ts', '// schema.ts', 'export const tune = 1', '```', opening].join('\n')
    expect([...filesOf(guide).keys()]).toEqual(['schema.ts', '2.ts'])
  })

  it('of tsx have the JSX of the framework that their document imports', () => {
    /** @param {string} from */
    const guide = (from) =>
      [`\`\`\`ts\nimport * as all from '${from}'\n\`\`\``, '```tsx', '<p />', '```'].join('\n')
    expect(filesOf(guide('react')).get('2.tsx')).toContain('@jsxImportSource react')
    expect(filesOf(guide('solid-js')).get('2.tsx')).toContain('@jsxImportSource solid-js')
  })

  it('of a component are its script', () => {
    const guide = ['```vue', '<script setup lang="ts">', 'const n = 1', '</script>', '<p />', '```'].join(
      '\n',
    )
    const [only] = modulesOf(guide)
    expect(only).toMatchObject({ language: 'ts', code: expect.stringMatching(/^const n = 1$/m) })
    expect(only?.code).not.toContain('<')
  })

  it('declare nothing that the fence declares itself', () => {
    expect(modulesOf(opening)[0]?.code).not.toContain('declare const')
  })
})

/**
 * @param {string} language
 * @param {string} code
 */
const compiled = (language, code) => compileFence({ language, code }, [])

describe('a code fence that cannot be compiled is told', () => {
  it('of each language', () => {
    expect(compiled('vue', '<template><p>{{ n }}</p></template><script setup>const n = 1</script>')).toEqual(
      [],
    )
    expect(
      compiled('vue', '<template><p>{{ n </p></template><script setup>const n = 1</script>'),
    ).toHaveLength(1)
    expect(compiled('vue', '<template><p v-if="1 +" /></template><script setup></script>')).toHaveLength(1)
    expect(compiled('svelte', '{#each [1] as n (n)}<p>{n}</p>{/each}')).toEqual([])
    expect(compiled('svelte', '{#each [1] as n (n)}<p>{n}</p>')).toHaveLength(1)
    expect(compiled('svelte', '<img src="of-what.png">')).toHaveLength(1)
    expect(compiled('html', '<!doctype html><p>a</p><script type="module">await 1</script>')).toEqual([])
    expect(compiled('html', '<p><b>a</p>')).toHaveLength(1)
    expect(compiled('html', '<script type="module">const = 1</script>')).toHaveLength(1)
    expect(compiled('html', '<script type="importmap">{ imports }</script>')).toHaveLength(1)
    expect(compiled('html', '<script type="module" src="/nowhere.js"></script>')).toHaveLength(1)
    expect(compiled('json', '{ "a": 1 }')).toEqual([])
    expect(compiled('json', "{ 'a': 1 }")).toHaveLength(1)
  })

  it('of commands: each has to be npm’s, a script of the house, or a tool that is installed', () => {
    const good =
      'npm ci && npm test  # all\nA=1 npx vitest run packages/tutti/src\nnpm run soak -- --seed 7\nnpm install vue'
    expect(compiled('sh', good)).toEqual([])
    for (const bad of [
      'npm run nothing',
      'npx nothing',
      'npx vitest run no/where',
      'npm install nothing-at-all',
      'rm x',
    ])
      expect(compiled('sh', bad)).toEqual([`there is nothing to run as: ${bad}`])
  })

  it('of a language that nobody knows', () => {
    expect(compiled('cobol', 'DISPLAY 1')).toEqual(['nobody knows how to compile cobol'])
    expect([...exceptions.keys()]).toEqual([''])
  })
})

describe('the documents', () => {
  it('have no code fence of a language that is neither compiled nor excepted', async () => {
    const texts = await Promise.all((await documents()).map((name) => readFile(join(root, name), 'utf8')))
    const languages = new Set(texts.flatMap(fencesOf).map(({ language }) => language))
    const known = [...compilers.keys(), ...exceptions.keys()]
    expect([...languages].filter((language) => !known.includes(language))).toEqual([])
  })

  it('have scripts that are looked at, each by itself, and a service worker’s that is parsed', () => {
    const guide = ['```js', '// public/sw.js', 'addEventListener()', '```', '```jsx', '<p />', '```'].join(
      '\n',
    )
    const [worker, page] = scriptsOf(guide).values()
    expect(worker).toContain('@ts-nocheck')
    expect(page).not.toContain('@ts-nocheck')
  })
})
