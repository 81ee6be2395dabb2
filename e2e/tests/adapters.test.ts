import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn, openTab } from '../harness/open-tab.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const user = 'u-9002'

test('P1 R19.1 tutti/drizzle: drizzle-kit’s migrations, queries, a batch and a transaction, seen by the other tab', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const tabs: Page[] = []
  for (let n = 0; n < 2; n++) {
    const tab = await browser.newTab(site.url)
    await tab.waitForSelector('body[data-ready]', { state: 'attached' })
    await tab.evaluate(async (whose) => {
      const { migrations } = await window.adapters()
      await window.open_({ user: whose, migrations })
    }, user)
    tabs.push(tab)
  }
  const [other, tab] = tabs as [Page, Page]
  const answers = await tab.evaluate(async () => {
    const { createOrm, tune } = await window.adapters()
    const orm = createOrm(window.db)
    const inserted = await orm.insert(tune).values({ title: 'The Kesh' }).returning()
    const batch = await orm.batch([orm.insert(tune).values({ title: 'Cooley’s' }), orm.select().from(tune)])
    const inside = await orm.transaction(async (tx) => {
      await tx.insert(tune).values({ title: 'The Sally Gardens' })
      return await tx.$count(tune)
    })
    const twice = await orm
      .insert(tune)
      .values({ title: 'The Kesh' })
      .catch((error: unknown) => (error instanceof Error ? Object(error.cause).code : 'none'))
    return { inserted, batch, inside, twice, first: await orm.query.tune.findFirst() }
  })
  expect(answers).toEqual({
    inserted: [{ id: 1, title: 'The Kesh' }],
    batch: [
      { changes: 1, lastInsertRowid: 2 },
      [
        { id: 1, title: 'The Kesh' },
        { id: 2, title: 'Cooley’s' },
      ],
    ],
    inside: 3,
    twice: 'SQL',
    first: { id: 1, title: 'The Kesh' },
  })
  expect(await other.evaluate(() => window.db.values('select count(*) from tune'))).toEqual([[3]])
})

test('P1 R19.1 tutti/kysely: queries, a transaction that rolls back and introspection, seen by the other tab', async ({
  launch,
  site,
}) => {
  const migrations = [{ name: '1', sql: 'create table tune (id integer primary key, title text not null)' }]
  const [other, tab] = (await openTabs(await launch(), site, 2, { user, migrations })) as [Page, Page]
  const answers = await tab.evaluate(async () => {
    const { createKysely } = await window.adapters()
    const kysely = createKysely(window.db)
    const { insertId } = await kysely
      .insertInto('tune')
      .values({ title: 'The Kesh' })
      .executeTakeFirstOrThrow()
    const trx = await kysely.startTransaction().execute()
    await trx.updateTable('tune').set({ title: 'undone' }).execute()
    const inside = await trx.selectFrom('tune').select('title').execute()
    await trx.rollback().execute()
    const tables = await kysely.introspection.getTables()
    return { insertId: Number(insertId), inside, tables: tables.map(({ name }) => name) }
  })
  expect(answers).toEqual({ insertId: 1, inside: [{ title: 'undone' }], tables: ['tune'] })
  expect(await other.evaluate(() => window.db.values('select title from tune'))).toEqual([['The Kesh']])
})

test('P3.1 R2.1 tutti/sqljs: a snapshot in IndexedDB is moved in once, by two tabs, also after a reload, and goes when confirmed', async ({
  launch,
  site,
}) => {
  const place = { database: 'tunetrees-storage', store: 'databases', key: `tunetrees-db-${user}` }
  const browser = await launch()
  const [other, tab] = (await openTabs(browser, site, 2, { user })) as [Page, Page]
  const missing = await tab.evaluate(async (from) => {
    const { importSnapshot, keepSnapshot } = await window.adapters()
    const nothing = await importSnapshot(window.db, from)
    const made = (await indexedDB.databases()).some(({ name }) => name === from.database)
    const old = await window.tutti.open({ user: 'old', storage: ['memory'] })
    await old.exec("create table tune (title text); insert into tune values ('The Kesh')")
    await keepSnapshot(from, new Uint8Array(await (await old.export()).arrayBuffer()))
    await old.close()
    return { nothing: nothing === undefined, made }
  }, place)
  expect(missing).toEqual({ nothing: true, made: false })

  const move = (where: Page) =>
    where.evaluate(async (from) => {
      const { importSnapshot } = await window.adapters()
      return (await importSnapshot(window.db, from))?.changed
    }, place)
  expect(await Promise.all([move(tab), move(other)])).toEqual([false, false])
  await other.evaluate(() => window.db.run("insert into tune values ('later')"))
  await tab.reload()
  await openIn(tab, { user })
  expect(await move(tab)).toBe(false)
  expect(await tab.evaluate(() => window.db.values('select title from tune'))).toEqual([
    ['The Kesh'],
    ['later'],
  ])

  const confirmed = await tab.evaluate(async (from) => {
    const { importSnapshot } = await window.adapters()
    const gone = await (await importSnapshot(window.db, from))?.confirm()
    return { gone, left: await importSnapshot(window.db, from) }
  }, place)
  expect(confirmed).toEqual({ gone: true, left: undefined })
  const third = await openTab(browser, site, { user })
  expect(await third.evaluate(() => window.db.values('select count(*) from tune'))).toEqual([[2]])
})
