import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { numberedRows, rowsOf } from '../harness/numbered-rows.ts'
import { openIn, openTab } from '../harness/open-tab.ts'
import { rungs } from '../harness/rungs.ts'
import { openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const options = { user: 'u-1', migrations: numberedRows }

test('P8 two users at once, in two tabs and in one page: nothing crosses', async ({ launch, site }) => {
  const browser = await launch()
  const [one, two] = [
    await openTab(browser, site, options),
    await openTab(browser, site, { ...options, user: 'u-2' }),
  ]
  await one.evaluate(() => window.db.run("insert into row (tab, n) values ('one', 1)"))
  await two.evaluate(() => window.db.run("insert into row (tab, n) values ('two', 2)"))
  expect(await rowsOf(one)).toEqual([['one', 1]])
  expect(await rowsOf(two)).toEqual([['two', 2]])

  const inOnePage = await one.evaluate(async (migrations) => {
    const other = await window.tutti.open({ user: 'u-2', migrations })
    const heard: string[] = []
    window.db.onChange(() => heard.push('u-1'))
    const told = new Promise<void>((resolve) => {
      other.onChange(() => {
        heard.push('u-2')
        resolve()
      })
    })
    await other.run("insert into row (tab, n) values ('three', 3)")
    await told
    return {
      own: await window.db.values('select tab from row'),
      other: await other.values('select tab from row'),
      users: [window.db.user, other.user],
      heard,
    }
  }, numberedRows)
  expect(inOnePage).toEqual({
    own: [['one']],
    other: [['two'], ['three']],
    users: ['u-1', 'u-2'],
    heard: ['u-2'],
  })
  expect(await rowsOf(two)).toEqual([
    ['two', 2],
    ['three', 3],
  ])
  expect((await statusOf(one)).members).toHaveLength(1)
  expect((await statusOf(two)).members).toHaveLength(2)
})

test('P8 R3 users and names that differ only in case, in slashes, past 255 bytes or in Unicode are different', async ({
  launch,
  site,
}) => {
  const tab = await openTab(await launch(), site, options)
  const long = 'l'.repeat(300)
  const places = [
    ['a', 'x'],
    ['A', 'x'],
    ['a', 'X'],
    ['a/b', 'x'],
    ['a', 'b/x'],
    ['a_002fb', 'x'],
    ['a%2Fb', 'x'],
    [`${long}1`, 'x'],
    [`${long}2`, 'x'],
    ['\u00e9', 'x'],
    ['e\u0301', 'x'],
    ['\u{1f3b5}', 'x'],
    ['..', '.'],
  ] as const
  const found = await tab.evaluate(
    async ({ all, migrations }) => {
      for (const [index, [user, name]] of all.entries()) {
        const db = await window.tutti.open({ user, name, migrations })
        await db.run("insert into row (tab, n) values ('place', ?)", [index])
        await db.close()
      }
      const rows: unknown[] = []
      for (const [user, name] of all) {
        const db = await window.tutti.open({ user, name, migrations })
        rows.push(await db.values('select n from row'))
        await db.close()
      }
      return rows
    },
    { all: places, migrations: numberedRows },
  )
  expect(found).toEqual(places.map((_, index) => [[index]]))
})

for (const { rung, browser: settings } of rungs) {
  describe(`on ${rung}`, () => {
    test('P8 R2 destroy in one tab ends the database for all, its files are gone, and a new one starts clean', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const [a, b] = (await openTabs(browser, site, 2, options)) as [Page, Page]
      const neighbour = await openTab(browser, site, { ...options, user: 'u-2' })
      for (const tab of [a, neighbour]) {
        await tab.evaluate(() => window.db.run("insert into row (tab, n) values ('kept', 1)"))
      }
      const { incarnation } = await statusOf(b)
      expect(await kept(a)).toHaveLength(2)
      await b.evaluate(() => {
        window.pending = new Promise((resolve) => {
          window.db.on('deleted', () => resolve('heard'))
        })
      })

      await a.evaluate(() => window.db.destroy())
      expect(await b.evaluate(() => window.pending)).toBe('heard')
      for (const tab of [a, b]) {
        const ends = await tab.evaluate(() =>
          Promise.all([
            window.settle(window.db.values('select * from row')),
            window.settle(window.db.run("insert into row (tab, n) values ('late', 1)")),
            window.settle(window.db.status()),
          ]),
        )
        for (const end of ends) {
          expect(end.error).toMatchObject({ name: 'DatabaseDeletedError', code: 'DATABASE_DELETED' })
        }
      }
      expect(await kept(neighbour)).toHaveLength(1)
      expect(await rowsOf(neighbour)).toEqual([['kept', 1]])

      for (const tab of [b, a]) {
        await openIn(tab, options)
        expect(await rowsOf(tab)).toEqual([])
      }
      const [anew, same] = [await statusOf(a), await statusOf(b)]
      expect(anew.incarnation).not.toBe(incarnation)
      expect(same.incarnation).toBe(anew.incarnation)
    })

    test('P4 P8 R2 calls that are under way when another tab destroys the database end, and none is resurrected', async ({
      launch,
      site,
    }) => {
      const browser = await launch(settings)
      const [a, b] = (await openTabs(browser, site, 2, options)) as [Page, Page]
      const [ends] = await Promise.all([
        b.evaluate(() =>
          Promise.all(
            Array.from({ length: 50 }, (_, n) =>
              window.settle(window.db.run("insert into row (tab, n) values ('b', ?)", [n])),
            ),
          ),
        ),
        a.evaluate(() => window.db.destroy()),
      ])
      const codes = new Set(ends.flatMap(({ error }) => (error === undefined ? [] : [error.code])))
      expect([...codes].filter((code) => code !== 'DATABASE_DELETED')).toEqual([])
      expect(await kept(a)).toEqual([])
    })
  })
}

/** What is kept of databases: their files without the log, or their IndexedDB databases. */
function kept(tab: Page): Promise<string[]> {
  return tab.evaluate(async () => {
    const names: string[] = []
    if ('getDirectory' in navigator.storage) {
      const root = await navigator.storage.getDirectory()
      const collect = async (folder: FileSystemDirectoryHandle): Promise<void> => {
        for await (const [name, entry] of folder.entries()) {
          if (entry instanceof FileSystemDirectoryHandle) await collect(entry)
          else if (!name.endsWith('-wal')) names.push(name)
        }
      }
      await collect(root)
    }
    for (const { name } of await indexedDB.databases()) names.push(name ?? '')
    return names
  })
}
