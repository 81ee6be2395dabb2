import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import { exportDigest, inspectorReady, openDebug, runSql, setWriteMode } from '../harness/debug-page.ts'
import {
  answer,
  expectQueue,
  expectStaged,
  footerOf,
  rate,
  shortSet,
  signIn,
  tunesOf,
} from '../harness/practice.ts'
import { practiceTest as test } from '../harness/practice-test.ts'
import { rungs } from '../harness/rungs.ts'

const REPORT = `SELECT * FROM daily_practice_queue WHERE user_ref = '${shortSet.user}' AND playlist_ref = '${shortSet.playlist}' AND active = 1`
const LOGGED = `[getPracticeList] Queue has 3 active rows for user=${shortSet.user}, playlist=${shortSet.playlist}`
const KEPT = { opfs: 'kept on disk (OPFS)', indexeddb: 'kept in IndexedDB' }

for (const { rung, browser: settings } of rungs) {
  describe(`Practice on ${rung}`, () => {
    test("P1 P9 the queue that tab A made is in tab B's /debug/db, and stays there when A looks too and both reload", async ({
      launch,
      practice,
    }) => {
      const browser = await launch(settings)
      const a = await signIn(browser, practice, shortSet)
      expect((await footerOf(a)).storage).toBe(KEPT[rung])
      const tunes = await tunesOf(a)
      expect(browser.log.filter((line) => line.endsWith(LOGGED))).not.toEqual([])

      const b = await openDebug(a)
      const first = await runSql(b, REPORT)
      expect(first.count).toBe('3 rows')
      const column = (name: string): string[] =>
        first.rows.map((row) => row[first.columns.indexOf(name)] ?? '').toSorted()
      expect(column('tune_ref')).toEqual(tunes.toSorted())
      expect(column('order_index')).toEqual(['0', '1', '2'])

      await a.goto(`${practice.url}/debug/db`)
      await inspectorReady(a)
      for (const tab of [b, a]) expect(await runSql(tab, REPORT)).toEqual(first)

      await Promise.all([a.reload(), b.reload()])
      for (const tab of [a, b]) {
        await inspectorReady(tab)
        expect(await runSql(tab, REPORT)).toEqual(first)
      }

      await a.goto(`${practice.url}/practice`)
      await expectQueue(a, 3)
      expect(await tunesOf(a)).toEqual(tunes)
      expect(await runSql(b, REPORT)).toEqual(first)
    })

    test('P1 P2 what either tab writes is in the next read of the other, and both sets are there after both reload', async ({
      launch,
      practice,
    }) => {
      const browser = await launch(settings)
      const a = await signIn(browser, practice, shortSet)
      const b = await openDebug(a)
      await a.goto(`${practice.url}/debug/db`)
      await inspectorReady(a)
      const names = 'select name from playlist order by rowid'
      const expected = [['First tunes']]
      for (const tab of [a, b]) await setWriteMode(tab, true)
      for (let n = 1; n <= 3; n++) {
        for (const [writer, reader, who] of [
          [a, b, 'A'],
          [b, a, 'B'],
        ] satisfies [Page, Page, string][]) {
          const name = `${who} ${n}`
          const insert = `insert into playlist (id, user_ref, name, created_at) values ('${name}', '${shortSet.user}', '${name}', '2026-01-01')`
          expect((await runSql(writer, insert)).count).toBe('1 row changed')
          expected.push([name])
          expect((await runSql(reader, names)).rows).toEqual(expected)
        }
      }
      await Promise.all([a.reload(), b.reload()])
      for (const tab of [a, b]) {
        await inspectorReady(tab)
        expect((await runSql(tab, names)).rows).toEqual(expected)
      }
    })

    test("P1 an evaluation staged in the app is in the other tab's next read, and a row deleted there leaves the app's grid", async ({
      launch,
      practice,
    }) => {
      const browser = await launch(settings)
      const a = await signIn(browser, practice, shortSet)
      const b = await openDebug(a)
      const tunes = await tunesOf(a)
      await rate(a, 1, 'hard')
      await expectStaged(a, 1)
      const staged = await runSql(b, 'select tune_ref, quality from table_transient_data')
      expect(staged.rows).toEqual([[tunes[1], '2']])

      await setWriteMode(b, true)
      expect((await runSql(b, 'delete from table_transient_data')).count).toBe('1 row changed')
      await expectStaged(a, 0)
      await expect.poll(() => answer(a, 1, 'hard').isChecked()).toBe(false)
      await runSql(b, `delete from daily_practice_queue where tune_ref = '${tunes[0]}'`)
      await expectQueue(a, 2)
      expect(await tunesOf(a)).toEqual(tunes.slice(1))
    })

    test('P9 opening, reading in and closing /debug/db changes nothing', async ({ launch, practice }) => {
      const browser = await launch(settings)
      const a = await signIn(browser, practice, shortSet)
      const contents: string[] = []
      const version = /version \d+/.exec((await footerOf(a)).text)?.[0]
      expect(version).toBeDefined()
      for (let round = 0; round < 3; round++) {
        const b = await openDebug(a)
        expect((await runSql(b, REPORT)).count).toBe('3 rows')
        contents.push(await exportDigest(b))
        await b.close()
        await expect.poll(async () => (await footerOf(a)).text).toContain('1 tab open')
        expect((await footerOf(a)).text).toContain(version)
        expect((await footerOf(a)).role).toBe('primary')
      }
      await a.reload()
      await expectQueue(a, 3)
      const b = await openDebug(a)
      contents.push(await exportDigest(b))
      expect(new Set(contents).size).toBe(1)
    })
  })
}
