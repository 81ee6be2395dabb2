import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn } from '../harness/open-tab.ts'
import { serveFrameworks } from '../harness/serve.ts'
import { test } from '../harness/test.ts'

const FRAMEWORKS = ['solid', 'react', 'vue', 'svelte']
const options = {
  user: 'u-9002',
  migrations: [{ name: '1', sql: 'create table tune (id integer primary key, title text not null)' }],
}

/** What each list shows: the titles, or how it stands; a node that was marked ends with `*`. */
const shown = (tab: Page) =>
  tab.evaluate(
    (ids) =>
      ids.map((id) => {
        const list = document.getElementById(id)
        const items = [...(list?.querySelectorAll('li') ?? [])]
        const texts = items.map(({ dataset, textContent }) => `${textContent}${dataset['marked'] ?? ''}`)
        return items.length > 0 ? texts.join() : (list?.textContent?.trim() ?? '')
      }),
    FRAMEWORKS,
  )

/** The same in each list. */
const inEach = (text: string) => FRAMEWORKS.map(() => text)

test('P1.5 what one tab writes, the other one shows in Solid, React, Vue and Svelte; unchanged rows keep their DOM nodes', async ({
  launch,
}) => {
  const site = await serveFrameworks()
  const browser = await launch()
  const tabs = [await browser.newTab(site.url), await browser.newTab(site.url)] as const
  const [writer, reader] = tabs
  await reader.waitForSelector('body[data-ready]', { state: 'attached' })
  await expect.poll(() => shown(reader)).toEqual(inEach('loading'))
  for (const tab of tabs) await openIn(tab, options)
  await writer.evaluate(() => window.db.run("insert into tune (title) values ('Cooley’s'), ('The Kesh')"))
  for (const tab of tabs) await expect.poll(() => shown(tab)).toEqual(inEach('Cooley’s,The Kesh'))
  await reader.evaluate(() => {
    for (const item of document.querySelectorAll('li')) item.dataset['marked'] = '*'
  })
  await writer.evaluate(() => window.db.run("insert into tune (title) values ('Banshee')"))
  await expect.poll(() => shown(reader)).toEqual(inEach('Banshee,Cooley’s*,The Kesh*'))
  await writer.evaluate(() => window.db.run("delete from tune where title = 'Cooley’s'"))
  await expect.poll(() => shown(reader)).toEqual(inEach('Banshee,The Kesh*'))
  // Drizzle's arrays are one query, the objects of the others another.
  await expect.poll(() => reader.evaluate(async () => (await window.db.status()).live)).toBe(2)
  await site.close()
})
