import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { createPlainApp, type PlainApp } from '../harness/plain-app.ts'
import { test } from '../harness/test.ts'

const main = `
import { open } from 'tutti'
sessionStorage.loads = Number(sessionStorage.loads ?? 0) + 1
window.answer = open({ user: 'plain', storage: ['opfs'] })
  .then((db) => db.get('select 6 * 7 as answer'))
  .then((row) => row.answer)
`

let app: PlainApp

beforeAll(async () => {
  app = await createPlainApp(join(root, 'packages/tutti'), main)
})

afterAll(() => app.dispose())

describe('a plain Vite app', () => {
  test.for(['dev', 'built'] as const)(
    '%s: needs no configuration, and fetches the wasm once',
    async (how, { launch }) => {
      const served = await app[how]()
      try {
        const browser = await launch()
        const wasm: string[] = []
        browser.context.on('request', (request) => {
          if (/\.wasm(\?|$)/.test(request.url())) wasm.push(request.url())
        })
        const tab = await browser.newTab(served.url)
        expect(await tab.evaluate('window.answer')).toBe(42)
        expect(wasm).toHaveLength(1)
        // The optimizer found no dependency late, which would have reloaded the page.
        expect(await tab.evaluate('sessionStorage.loads')).toBe('1')
      } finally {
        await served.close()
      }
    },
  )
})
