import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openTab } from '../harness/open-tab.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [
    {
      name: 'tune',
      sql: 'create table tune (id integer primary key, title text, plays integer not null default 0)',
    },
  ],
}

/** Follows all titles, as `window.live`. */
async function followTitles(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    window.live = { results: [], origins: [], errors: [], kept: [], stop: () => undefined }
    let last: readonly { title: string }[] = []
    window.live.stop = window.db.live<{ title: string }>('select id, title from tune order by id').subscribe(
      (rows, { origin, cause }) => {
        window.live.results.push(rows.map(({ title }) => title))
        window.live.origins.push(cause === undefined ? origin : `${origin} ${cause}`)
        window.live.kept.push(rows.filter((row) => last.includes(row)).length)
        last = rows
      },
      (error) => window.live.errors.push(String(error)),
    )
  })
}

const titles = (tab: Page) =>
  expect.poll(() => tab.evaluate(() => window.live.results.at(-1)), { timeout: 20_000 })

test('P1.2 P1.4 what one tab commits, the live queries of both show, and rows that did not change are the same', async ({
  launch,
  site,
}) => {
  const [one, other] = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  for (const tab of [one, other]) await followTitles(tab)
  for (const tab of [one, other]) await titles(tab).toEqual([])
  await one.evaluate(() =>
    window.db.batch([{ sql: "insert into tune (title) values ('The Kesh'), ('Cooley''s')" }]),
  )
  for (const tab of [one, other]) await titles(tab).toEqual(['The Kesh', "Cooley's"])
  await other.evaluate(() =>
    window.db.transaction((tx) => tx.run("update tune set title = 'Banshee' where id = 2"), {
      cause: 'edit',
    }),
  )
  for (const tab of [one, other]) await titles(tab).toEqual(['The Kesh', 'Banshee'])
  // Read by nobody: the next result is that of the write after it.
  await one.evaluate(() => window.db.run('update tune set plays = 7'))
  await one.evaluate(() => window.db.run('delete from tune where id = 1'))
  for (const tab of [one, other]) await titles(tab).toEqual(['Banshee'])
  const told = await Promise.all(
    [one, other].map((tab) => tab.evaluate(() => [window.live.origins, window.live.kept])),
  )
  expect(told).toEqual([
    [
      ['initial', 'self', 'tab edit', 'self'],
      [0, 0, 1, 1],
    ],
    [
      ['initial', 'tab', 'self edit', 'tab'],
      [0, 0, 1, 1],
    ],
  ])
  expect(await one.evaluate(async () => (await window.db.status()).live)).toBe(1)
  await one.evaluate(() => window.live.stop())
  await expect.poll(() => one.evaluate(async () => (await window.db.status()).live)).toBe(0)
})

test('P1.2 live queries go on after a failover, an import and in a tab without a replica', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const tabs = await openTabs(browser, site, 2, options)
  tabs.push(await openTab(browser, site, { ...options, replica: 'never' }))
  const primary = await agreedPrimary(tabs)
  const [one, other] = tabs.filter((tab) => tab !== primary) as [Page, Page]
  await primary.evaluate(() => window.db.run("insert into tune (title) values ('The Kesh')"))
  for (const tab of [one, other]) await followTitles(tab)
  for (const tab of [one, other]) await titles(tab).toEqual(['The Kesh'])
  await primary.close()
  await one.evaluate(() => window.db.run("insert into tune (title) values ('Banshee')"))
  for (const tab of [one, other]) await titles(tab).toEqual(['The Kesh', 'Banshee'])
  await one.evaluate(async () => {
    const copy = await window.db.export()
    await window.db.run('delete from tune')
    await window.db.import(copy)
    await window.db.run('update tune set title = upper(title) where id = 2')
  })
  for (const tab of [one, other]) await titles(tab).toEqual(['The Kesh', 'BANSHEE'])
  for (const tab of [one, other]) {
    const { results, errors } = await tab.evaluate(() => ({ ...window.live, stop: null }))
    expect(errors).toEqual([])
    const texts = results.map((result) => result.join())
    expect(texts.every((text, i) => text !== texts[i - 1])).toBe(true)
  }
})

test('P1.2 for await follows a query in a page, and ends with the handle', async ({ launch, site }) => {
  const tab = await openTab(await launch(), site, options)
  const counts = await tab.evaluate(async () => {
    const { db } = window
    const seen: number[] = []
    for await (const [row] of db.live<{ n: number }>('select count(*) as n from tune')) {
      seen.push(row?.n ?? -1)
      if (seen.length === 4) await db.close()
      else void db.run("insert into tune (title) values ('x')")
    }
    return seen
  })
  expect(counts).toEqual([0, 1, 2, 3])
})
