import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { followTitles, titlesOf, toldTo, tunes } from '../harness/live-titles.ts'
import { openTab } from '../harness/open-tab.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: tunes }

test('P1.2 P1.4 what one tab commits, the live queries of both show, and rows that did not change are the same', async ({
  launch,
  site,
}) => {
  const [one, other] = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  for (const tab of [one, other]) await followTitles(tab)
  for (const tab of [one, other]) await titlesOf(tab).toEqual([])
  await one.evaluate(() =>
    window.db.batch([{ sql: "insert into tune (title) values ('The Kesh'), ('Cooley''s')" }]),
  )
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['The Kesh', "Cooley's"])
  await other.evaluate(() =>
    window.db.transaction((tx) => tx.run("update tune set title = 'Banshee' where id = 2"), {
      cause: 'edit',
    }),
  )
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['The Kesh', 'Banshee'])
  // Read by nobody: the next result is that of the write after it.
  await one.evaluate(() => window.db.run('update tune set plays = 7'))
  await one.evaluate(() => window.db.run('delete from tune where id = 1'))
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['Banshee'])
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
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['The Kesh'])
  await primary.close()
  await one.evaluate(() => window.db.run("insert into tune (title) values ('Banshee')"))
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['The Kesh', 'Banshee'])
  await one.evaluate(async () => {
    const copy = await window.db.export()
    await window.db.run('delete from tune')
    await window.db.import(copy)
    await window.db.run('update tune set title = upper(title) where id = 2')
  })
  for (const tab of [one, other]) await titlesOf(tab).toEqual(['The Kesh', 'BANSHEE'])
  for (const tab of [one, other]) {
    const { results, errors } = await toldTo(tab)
    expect(errors).toEqual([])
    const texts = results.map((result) => result.join())
    expect(texts.every((text, i) => text !== texts[i - 1])).toBe(true)
  }
})

test('P1.2 P7 R30 a live query of an older build goes on through the migrations of a newer one, and says so where they take what it reads', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const old = await openTab(browser, site, options)
  await old.evaluate(() => window.db.run("insert into tune (title) values ('The Kesh'), ('Banshee')"))
  await followTitles(old)
  await titlesOf(old).toEqual(['The Kesh', 'Banshee'])
  const shout = {
    name: 'shout',
    sql: "alter table tune add column mode; update tune set title = 'KESH' where id = 1",
  }
  const younger = { ...options, migrations: [...tunes, shout] }
  const young = await openTab(browser, site, younger)
  await titlesOf(old).toEqual(['KESH', 'Banshee'])
  expect(await agreedPrimary([old, young])).toBe(young)
  await young.evaluate(() =>
    window.db.run("insert into tune (title) values ('Cooley')", [], { cause: 'young' }),
  )
  await titlesOf(old).toEqual(['KESH', 'Banshee', 'Cooley'])

  // The next one takes the column away: what was shown stays, and the query is told once.
  const rename = { name: 'rename', sql: 'alter table tune rename column title to name' }
  const youngest = await openTab(browser, site, { ...younger, migrations: [...younger.migrations, rename] })
  await expect.poll(async () => (await toldTo(old)).errors.length, { timeout: 20_000 }).toBe(1)
  await youngest.evaluate(() => window.db.run("insert into tune (name) values ('Lark')"))
  await youngest.evaluate(() => window.db.exec('alter table tune rename column name to title'))
  await titlesOf(old).toEqual(['KESH', 'Banshee', 'Cooley', 'Lark'])
  const { origins, versions, errors, kept } = await toldTo(old)
  expect(errors).toEqual([expect.stringContaining('no such column: title')])
  expect([origins, kept]).toEqual([
    ['initial', 'tab', 'tab young', 'tab'],
    [0, 1, 2, 3],
  ])
  expect(versions).toEqual([...new Set(versions)].toSorted((x, y) => x - y))
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
