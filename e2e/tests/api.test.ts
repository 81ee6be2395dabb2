import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openIn, openTab } from '../harness/open-tab.ts'
import { expectSound, heldLocks, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = {
  user: 'u-1',
  migrations: [{ name: 'tune', sql: 'create table tune (id integer primary key, title text, mode text)' }],
}

test('P1 each kind of call does what it says, in a tab that is not the primary', async ({ launch, site }) => {
  const [other, tab] = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  const answers = await tab.evaluate(async () => {
    const { db } = window
    await db.exec(`
      insert into tune values (1, 'The Sally Gardens', 'Major');
      insert into tune values (2, 'Cooley''s', 'Dorian');
    `)
    const inserted = await db.run('insert into tune (title, mode) values ($title, $mode)', {
      title: 'The Kesh',
      mode: 'Major',
    })
    return {
      inserted,
      all: await db.all('select * from tune where mode = ?', ['Major']),
      get: await db.get('select title from tune where id = $id', { id: 2 }),
      none: await db.get('select title from tune where id = 9'),
      values: await db.values('select id, id as id from tune order by id'),
      query: await db.query('select title from tune where 0'),
      returning: await db.all("update tune set mode = 'Reel' where id < 3 returning id"),
      batch: await db.batch([
        { sql: 'insert into tune (id, title) values (?, ?)', params: [10, 'Banish Misfortune'] },
        { sql: 'select count(*) as n from tune' },
      ]),
      tagged: await db.sql`select title from tune where id = ${10} and mode is ${null}`,
      bigint: await db.values("select 9007199254740993, x'00ff', 1.5, null, 'é'"),
      version: db.version,
    }
  })
  expect(answers.inserted).toMatchObject({ changes: 1, lastInsertRowid: 3 })
  expect(answers.all).toEqual([
    { id: 1, title: 'The Sally Gardens', mode: 'Major' },
    { id: 3, title: 'The Kesh', mode: 'Major' },
  ])
  expect(answers.get).toEqual({ title: "Cooley's" })
  expect(answers.none).toBeUndefined()
  expect(answers.values).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
  ])
  expect(answers.query).toMatchObject({ columns: ['title'], rows: [], changes: 0 })
  expect(answers.returning).toEqual([{ id: 1 }, { id: 2 }])
  expect(answers.batch).toEqual([
    { rows: [], changes: 1, lastInsertRowid: 10 },
    { rows: [{ n: 4 }], changes: 0, lastInsertRowid: expect.anything() },
  ])
  expect(answers.tagged).toEqual([{ title: 'Banish Misfortune' }])
  expect(answers.bigint).toEqual([[9007199254740993n, new Uint8Array([0, 255]), 1.5, null, 'é']])
  expect(answers.version).toBe(answers.inserted.version + 2)
  expect(await other.evaluate(() => window.db.values('select count(*) from tune'))).toEqual([[4]])
})

test('P1.8 an iteration shows one version, from the replica and from the primary, while other tabs write', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [writer, tab] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  const without = await openTab(browser, site, { ...options, replica: 'never' })
  await writer.evaluate(() =>
    window.db.exec(`with recursive n (i) as (values (1) union all select i + 1 from n where i < 5000)
      insert into tune select i, hex(zeroblob(200)), 'Major' from n`),
  )
  for (const reader of [tab, without]) {
    await reader.evaluate(async () => {
      window.rows = window.db.iterate('select * from tune order by id')
      await window.rows.next()
    })
  }
  await writer.evaluate(() => window.db.run("update tune set mode = 'Dorian'"))
  for (const reader of [tab, without]) {
    const seen = await reader.evaluate(async () => {
      const modes = new Set<unknown>()
      let count = 1
      for await (const { mode } of window.rows) {
        modes.add(mode)
        count++
      }
      return { count, modes: [...modes] }
    })
    expect(seen).toEqual({ count: 5000, modes: ['Major'] })
    expect(await reader.evaluate(() => window.db.values('select distinct mode from tune'))).toEqual([
      ['Dorian'],
    ])
  }
})

test('P1 a transaction commits what its callback did, and rolls back where it throws', async ({
  launch,
  site,
}) => {
  const [other, tab] = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  const kept = await tab.evaluate(() =>
    window.db.transaction(async (tx) => {
      await tx.run("insert into tune (id, title) values (1, 'kept')")
      return tx.get('select title from tune where id = last_insert_rowid()')
    }),
  )
  expect(kept).toEqual({ title: 'kept' })
  const thrown = await tab.evaluate(() =>
    window.settle(
      window.db.transaction(async (tx) => {
        await tx.run("insert into tune (id, title) values (2, 'undone')")
        throw new RangeError('no')
      }),
    ),
  )
  expect(thrown.error).toMatchObject({ name: 'RangeError', message: 'no' })
  const constraint = await tab.evaluate(() =>
    window.settle(
      window.db.batch([
        { sql: "insert into tune (id, title) values (3, 'undone')" },
        { sql: "insert into tune (id, title) values (1, 'twice')" },
      ]),
    ),
  )
  expect(constraint.error).toMatchObject({ name: 'SqlError', code: 'SQL', outcome: 'not-applied' })
  expect(await other.evaluate(() => window.db.values('select title from tune'))).toEqual([['kept']])
})

test('P1.1 calls of one handle take effect in the order in which they were made, awaited or not', async ({
  launch,
  site,
}) => {
  const tabs = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  for (const tab of tabs) {
    const counts = await tab.evaluate(async () => {
      const { db } = window
      const reads = Array.from({ length: 20 }, (_, n) => {
        void db.run('insert into tune (title) values (?)', [`tune ${n}`])
        return db.values('select count(*) from tune')
      })
      const all = (await Promise.all(reads)).map((rows) => rows[0]?.[0])
      await db.run('delete from tune')
      return all
    })
    expect(counts).toEqual(Array.from({ length: 20 }, (_, n) => n + 1))
  }
})

test('P1 onChange hears each commit of either tab once, of the tables it asked for', async ({
  launch,
  site,
}) => {
  const tabs = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  await tabs[0].evaluate(() => window.db.exec('create table other (id integer primary key)'))
  for (const tab of tabs) {
    await tab.evaluate(() => {
      const heard: unknown[] = []
      window.pending = new Promise((resolve) => {
        window.db.onChange(
          ({ tables, origin, rowids }) => {
            heard.push({ tables, origin, rowids })
            if (heard.length === 2) resolve(heard)
          },
          { tables: ['TUNE'] },
        )
      })
    })
  }
  for (const [index, tab] of tabs.entries()) {
    await tab.evaluate(async (id) => {
      await window.db.run('insert into other (id) values (?)', [id])
      await window.db.run('insert into tune (id) values (?)', [id])
    }, index + 1)
  }
  for (const [index, tab] of tabs.entries()) {
    const origins = index === 0 ? ['self', 'tab'] : ['tab', 'self']
    expect(await tab.evaluate(() => window.pending)).toEqual(
      origins.map((origin, n) => ({ tables: ['tune'], origin, rowids: { tune: [n + 1] } })),
    )
  }
})

test('P9 status says who is who', async ({ launch, site }) => {
  const browser = await launch()
  const tabs = (await openTabs(browser, site, 2, options)) as [Page, Page]
  const [first, second] = [
    await tabs[0].evaluate(() => window.db.status()),
    await tabs[1].evaluate(() => window.db.status()),
  ]
  expect(first).toMatchObject({ role: 'primary', epoch: 1, storage: 'opfs', queue: 0, transaction: null })
  expect(second).toMatchObject({ role: 'replica', epoch: 1, primary: { tab: first.tab } })
  expect(second.members.map(({ tab, role, self }) => ({ tab, role, self }))).toEqual([
    { tab: first.tab, role: 'primary', self: false },
    { tab: second.tab, role: 'replica', self: true },
  ])
  for (const { url, title, visible } of second.members) {
    expect({ url, title, visible }).toEqual({ url: tabs[0].url(), title: 'Tutti fixture', visible: true })
  }
  expect(second.quota).toBeGreaterThan(0)
})

test('P1 R2 what one tab exports another imports: every tab reads the new content at once, without the old or the reserved tables', async ({
  launch,
  site,
}) => {
  const tabs = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  await tabs[0].evaluate(() => window.db.run("insert into tune (id, title) values (1, 'exported')"))
  const before = await tabs[0].evaluate(async () => {
    window.exported = await window.db.export()
    const header = new TextDecoder().decode(await window.exported.slice(0, 15).arrayBuffer())
    const text = new TextDecoder('latin1').decode(await window.exported.arrayBuffer())
    await window.db.exec(
      "delete from tune; insert into tune (id, title) values (2, 'later'); create table extra (id)",
    )
    return { header, reserved: /create table "?tutti_/i.test(text), version: window.db.version }
  })
  expect(before).toMatchObject({ header: 'SQLite format 3', reserved: false })
  await tabs[0].evaluate(() => window.db.import(window.exported))
  for (const tab of tabs) {
    expect(await tab.evaluate(() => window.db.all('select id, title from tune'))).toEqual([
      { id: 1, title: 'exported' },
    ])
    const extra = await tab.evaluate(() => window.settle(window.db.all('select * from extra')))
    expect(extra.error).toMatchObject({ code: 'SQL' })
  }
  expect(await tabs[1].evaluate(() => window.db.version)).toBeGreaterThan(before.version)
  const broken = await tabs[1].evaluate(() => window.settle(window.db.import(new Uint8Array(8192))))
  expect(broken.error).toMatchObject({ name: 'InvalidImportError', outcome: 'not-applied' })
  await tabs[1].evaluate(() => window.db.run("insert into tune (id, title) values (3, 'after')"))
  expect(await tabs[0].evaluate(() => window.db.values('select id from tune'))).toEqual([[1], [3]])
  await expectSound(tabs)
})

test('P3.1 R14 a write under an id of its own happens once, also after a reload and from another tab', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [other, tab] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  const ask = (where: Page) =>
    where.evaluate(() => window.db.run("insert into tune (title) values ('once')", [], { id: 'submit-1' }))
  const first = await ask(tab)
  await other.evaluate(() => window.db.run("insert into tune (title) values ('between')"))
  expect(await ask(tab)).toEqual(first)
  await tab.reload()
  await openIn(tab, options)
  expect(await ask(tab)).toEqual(first)
  expect(await ask(other)).toEqual(first)
  const reused = await tab.evaluate(() =>
    window.settle(window.db.run('delete from tune', [], { id: 'submit-1' })),
  )
  expect(reused.error).toMatchObject({ name: 'RequestIdReusedError', code: 'REQUEST_ID_REUSED' })
  expect(await tab.evaluate(() => window.db.values('select title from tune'))).toEqual([
    ['once'],
    ['between'],
  ])
})

test('P4 a second open shares the member, other options are refused, and close ends only its own handle', async ({
  launch,
  site,
}) => {
  const tab = await openTab(await launch(), site, options)
  const ends = await tab.evaluate(async (given) => {
    const { db, settle, tutti } = window
    const second = await tutti.open(given)
    await second.run("insert into tune (id, title) values (1, 'second')")
    const members = (await db.status()).members.length
    const mismatch = await settle(tutti.open({ ...given, durability: 'relaxed' }))
    await second.close()
    const closed = await settle(second.values('select 1'))
    const open = await settle(db.values('select title from tune'))
    await db.close()
    const both = await settle(db.run('delete from tune'))
    return { members, mismatch: mismatch.error, closed: closed.error, open, both: both.error }
  }, options)
  expect(ends.members).toBe(1)
  expect(ends.mismatch).toMatchObject({ name: 'OptionsMismatchError', code: 'OPTIONS_MISMATCH' })
  expect(ends.closed).toMatchObject({ name: 'DatabaseClosedError', code: 'DATABASE_CLOSED' })
  expect(ends.open).toEqual({ ok: [['second']] })
  expect(ends.both).toMatchObject({ name: 'DatabaseClosedError', outcome: 'not-applied' })
  await expect.poll(() => heldLocks(tab)).toEqual([])
  await expect.poll(() => tab.workers().length).toBe(0)
})

test('R20 what relaxed durability wrote is there after a flush and a reload', async ({ launch, site }) => {
  const relaxed = { ...options, durability: 'relaxed' } as const
  const tab = await openTab(await launch(), site, relaxed)
  await tab.evaluate(async () => {
    await window.db.run("insert into tune (id, title) values (1, 'relaxed')")
    await window.db.flush()
  })
  await tab.reload()
  await openIn(tab, relaxed)
  expect(await tab.evaluate(() => window.db.values('select title from tune'))).toEqual([['relaxed']])
})

test('P1 a write of 200,000 rows is in the next read of the other tab', async ({ launch, site }) => {
  const [writer, reader] = (await openTabs(await launch(), site, 2, options)) as [Page, Page]
  const { changes, version } = await writer.evaluate(() =>
    window.db.run(`
      insert into tune (title, mode)
      with recursive c (n) as (select 1 union all select n + 1 from c where n < 200000)
      select 'tune ' || n, 'Major' from c`),
  )
  expect(changes).toBe(200_000)
  const read = await reader.evaluate(() => window.db.query('select count(*), max(title) from tune'))
  expect(read).toMatchObject({ rows: [[200_000, 'tune 99999']], version })
  await expectSound([writer, reader])
})

test('R21 P4 statements that would break the house are refused, and a message says what to use', async ({
  launch,
  site,
}) => {
  const tab = await openTab(await launch(), site, options)
  const refused = await tab.evaluate(async () => {
    const ends: unknown[] = []
    for (const sql of [
      'begin',
      "attach 'x' as y",
      'pragma journal_mode = delete',
      'pragma query_only = 1',
      'create temp table t (id)',
      "vacuum into 'x'",
      'select * from tutti_ledger',
    ]) {
      ends.push((await window.settle(window.db.run(sql))).error?.code)
    }
    return ends
  })
  expect(refused).toEqual(refused.map(() => 'STATEMENT_REFUSED'))
  await tab.evaluate(() => window.db.run("insert into tune (id, title) values (1, 'still')"))
})
