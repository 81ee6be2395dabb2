import { afterAll, beforeAll } from 'vitest'
import { vite } from '../harness/bundlers.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { test } from '../harness/test.ts'
import { addTune, expectTunes } from '../harness/tunes-app.ts'

let library: PackedLibrary

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

test('P1 P2 fault 15 a PWA starts without its server, in one tab and in two: the data is there, and writes work', async ({
  launch,
}) => {
  const folder = await library.install('app', 'pwa')
  // What the browser keeps by itself proves nothing.
  const served = await vite(folder, { 'cache-control': 'no-store' })
  const browser = await launch()
  const before = await browser.newTab(served.url)
  await addTune(before, 'The Kesh')
  await expectTunes(before, 'The Kesh')
  await before.evaluate(() => navigator.serviceWorker.ready)
  await served.close()
  await before.close()

  const one = await browser.newTab(served.url)
  await expectTunes(one, 'The Kesh')
  const two = await browser.newTab(served.url)
  await addTune(two, 'Banish Misfortune')
  await expectTunes(one, 'Banish Misfortune, The Kesh')
  await one.close()
  await addTune(two, 'Whiskey Before Breakfast')
  await expectTunes(two, 'Banish Misfortune, The Kesh, Whiskey Before Breakfast')
})
