import { expect } from 'vitest'
import { serveContract } from '../harness/serve.ts'
import { test } from '../harness/test.ts'

test('R25 R26 R27 R29 the storage contract holds on real OPFS and IndexedDB', async ({ launch }) => {
  const site = await serveContract()
  const browser = await launch()
  const page = await browser.newTab(site.url)
  await page.waitForSelector('body[data-ready]', { state: 'attached' })
  const results = await page.evaluate(() => window.runContract(['opfs', 'indexeddb']))
  expect(results.filter(({ error }) => error !== undefined)).toEqual([])
  expect(results.length).toBeGreaterThan(20)
})
