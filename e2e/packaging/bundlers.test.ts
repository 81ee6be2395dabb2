import { afterAll, beforeAll, expect } from 'vitest'
import { type Bundler, esbuild, next, noBundler, vite, viteDev, webpackBundler } from '../harness/bundlers.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { test } from '../harness/test.ts'
import { addTune, expectTunes } from '../harness/tunes-app.ts'
import { uncaughtIn } from '../harness/uncaught.ts'

const tools: readonly { tool: string; sources: readonly string[]; bundler: Bundler }[] = [
  { tool: 'Vite in development', sources: ['app', 'vite'], bundler: viteDev },
  { tool: 'Vite', sources: ['app', 'vite'], bundler: vite },
  { tool: 'webpack', sources: ['app', 'webpack'], bundler: webpackBundler },
  { tool: 'Next.js', sources: ['nextjs'], bundler: next },
  { tool: 'esbuild', sources: ['app', 'esbuild'], bundler: esbuild },
  { tool: 'no bundler', sources: ['app', 'no-bundler'], bundler: noBundler },
]

let library: PackedLibrary

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

for (const { tool, sources, bundler } of tools) {
  test(`P1 P2 an app installed and built with ${tool}: two tabs agree, and a reload keeps it`, async ({
    launch,
  }) => {
    const folder = await library.install(...sources)
    const served = await bundler(folder)
    try {
      const browser = await launch()
      const asked: string[] = []
      const refused: string[] = []
      browser.context.on('request', (request) => void asked.push(request.url()))
      browser.context.on('response', (response) => {
        if (response.status() >= 400) refused.push(response.url())
      })
      const one = await browser.newTab(served.url)
      await addTune(one, 'The Kesh')
      await expectTunes(one, 'The Kesh')
      // The page alone asks for the wasm; and no tool found out late what it has to prepare, and reloaded.
      expect(asked.filter((url) => /\.wasm(\?|$)/.test(url))).toHaveLength(1)
      expect(asked.filter((url) => new URL(url).pathname === '/')).toHaveLength(1)

      const two = await browser.newTab(served.url)
      await expectTunes(two, 'The Kesh')
      await addTune(two, 'Banish Misfortune')
      await expectTunes(one, 'Banish Misfortune, The Kesh')

      await two.close()
      await one.reload()
      await expectTunes(one, 'Banish Misfortune, The Kesh')
      expect(refused).toEqual([])
      expect(uncaughtIn(browser)).toEqual([])
    } finally {
      await served.close()
    }
  })
}
