import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { vitePrerendered } from '../harness/bundlers.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { test } from '../harness/test.ts'
import { addTune } from '../harness/tunes-app.ts'

const FRAMEWORKS = ['solid', 'react', 'vue', 'svelte']
/** A part of the page that React leaves to the browser: it draws it anew, and says why. */
const SUSPENDING = 'suspending'

let library: PackedLibrary

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

test('P1.5 an app, installed by npm, that Solid, React, Vue and Svelte have drawn on a server is hydrated as it stands, and then lives in two tabs', async ({
  launch,
}) => {
  const folder = await library.installByNpm('frameworks')
  expect(await readdir(join(folder, 'node_modules'))).toEqual(
    expect.arrayContaining(['@sqlite.org', 'tutti']),
  )
  const served = await vitePrerendered(folder)
  try {
    const browser = await launch()
    await browser.context.addInitScript(markWhatWasParsed)
    const tabs = [await browser.newTab(served.url), await browser.newTab(served.url)] as const
    const [one, two] = tabs
    await addTune(one, 'The Kesh')
    for (const tab of tabs) await expectInEach(tab, ['The Kesh'])
    await addTune(two, 'Banish Misfortune')
    for (const tab of tabs) await expectInEach(tab, ['Banish Misfortune', 'The Kesh'])
    expect(await one.getAttribute(`#${SUSPENDING}`, 'title')).toContain('Live queries wait for the browser.')
    expect(browser.log.filter((line) => / (warning|error|uncaught): /.test(line))).toEqual([])
  } finally {
    await served.close()
  }
})

/** Runs in the page before anything else: keeps what the server drew, and the text in it. */
function markWhatWasParsed(): void {
  // Modules run between this event and DOMContentLoaded.
  document.addEventListener('readystatechange', () => {
    if (document.readyState !== 'interactive') return
    for (const section of document.querySelectorAll('section'))
      Object.assign(section, { drawnByServer: section.textContent?.trim() })
  })
}

/** Waits until each framework shows these titles, in the very element in which the server drew that it is loading. */
async function expectInEach(tab: Page, titles: readonly string[]): Promise<void> {
  const look = () =>
    tab.evaluate(
      (ids) =>
        ids.map((id) => {
          const sections: { drawnByServer?: string }[] = [...document.querySelectorAll(`#${id} > section`)]
          const items = [...document.querySelectorAll(`#${id} li`)].map(({ textContent }) => textContent)
          return [id, items, sections.map(({ drawnByServer }) => drawnByServer ?? 'drawn anew')]
        }),
      [...FRAMEWORKS, SUSPENDING],
    )
  const expected = FRAMEWORKS.map((id) => [id, titles, ['loading']])
  await expect.poll(look).toEqual([...expected, [SUSPENDING, titles, ['drawn anew']]])
}
