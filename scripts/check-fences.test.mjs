import { describe, expect, it } from 'vitest'
import { filesOf, modulesOf } from './check-fences.mjs'

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
