import { expect } from 'vitest'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openIn, openTab } from '../harness/open-tab.ts'
import { agreedPrimary } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const older = { user: 'u-1', migrations: numberedRows }
const newer = {
  user: 'u-1',
  migrations: [...numberedRows, { name: 'note', sql: "alter table row add column note text default 'new'" }],
}

test('P7 R4 R30 a newer build of the app migrates the database, and the older tab is told to reload', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const old = await openTab(browser, site, older)
  await old.evaluate(() => {
    window.pending = new Promise((resolve) => {
      window.db.on('outdated', () => resolve('heard'))
    })
    return window.db.run("insert into row (tab, n) values ('old', 1)")
  })
  const young = await openTab(browser, site, newer)
  expect(await old.evaluate(() => window.pending)).toBe('heard')
  await young.evaluate(() => window.db.run("insert into row (tab, n) values ('young', 2)"))
  expect(await agreedPrimary([old, young])).toBe(young)

  const late = await old.evaluate(() =>
    window.settle(window.db.run("insert into row (tab, n) values ('late', 3)")),
  )
  expect(late.error).toMatchObject({ name: 'OutdatedError', code: 'OUTDATED', outcome: 'not-applied' })
  for (const tab of [old, young]) {
    expect(await rowsOf(tab)).toEqual([
      ['old', 1],
      ['young', 2],
    ])
  }
  await old.reload()
  await openIn(old, newer)
  await old.evaluate(() => window.db.run("insert into row (tab, n) values ('reloaded', 3)"))
  expect(await young.evaluate(() => window.db.values('select n, note from row order by n'))).toEqual([
    [1, 'new'],
    [2, 'new'],
    [3, 'new'],
  ])
})

test('P7 R30 after a rolled-back deploy the older build reads, and writes only where it is told to', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const young = await openTab(browser, site, newer)
  await young.evaluate(() => window.db.run("insert into row (tab, n) values ('young', 1)"))
  await young.close()
  const old = await openTab(browser, site, older)
  expect(await rowsOf(old)).toEqual([['young', 1]])
  const late = await old.evaluate(() =>
    window.settle(window.db.run("insert into row (tab, n) values ('late', 2)")),
  )
  expect(late.error).toMatchObject({ name: 'SchemaAheadError', code: 'SCHEMA_AHEAD', outcome: 'not-applied' })
  await old.close()
  const told = await openTab(browser, site, { ...older, writeWhenAhead: true })
  await told.evaluate(() => window.db.run("insert into row (tab, n) values ('told', 2)"))
  expect(await rowsOf(told)).toEqual([
    ['young', 1],
    ['told', 2],
  ])
})
