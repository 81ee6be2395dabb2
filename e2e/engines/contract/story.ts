import { expect } from 'vitest'
import { numberedRows, rowsOf } from '../../harness/numbered-rows.ts'
import { agreedPrimary, expectSound, statusOf } from '../../harness/tabs.ts'
import type { Engine, EngineTab } from '../engine.ts'
import type { EngineTest } from '../engine-test.ts'
import { insert, openIn, openTabs } from '../tabs.ts'

/** Several tabs, and nothing goes wrong. */
export function storyContract(test: EngineTest, engine: Engine): void {
  test('P1 what tabs write in turn is in each next read of the others, and after all reload', async ({
    launch,
    site,
  }) => {
    const tabs = await openTabs(await launch(), site, 2)
    const expected: [string, number][] = []
    for (let n = 1; n <= 10; n++) {
      for (const [index, tab] of tabs.entries()) {
        await insert(tab, [`tab ${index}`, n])
        expected.push([`tab ${index}`, n])
        for (const reader of tabs) expect(await rowsOf(reader)).toEqual(expected)
      }
    }
    await Promise.all(tabs.map((tab) => tab.reload()))
    for (const tab of tabs) {
      await openIn(tab)
      expect(await rowsOf(tab)).toEqual(expected)
    }
    await expectSound(tabs)
  })

  test('P1 no update is lost: three tabs count the same counter up at once', async ({ launch, site }) => {
    const tabs = await openTabs(await launch(), site, 3)
    const [first] = tabs as [EngineTab]
    await first.evaluate(async () => {
      await window.db.exec('create table counter (n integer); insert into counter values (0)')
    })
    await Promise.all(
      tabs.map((tab) =>
        tab.evaluate(async () => {
          for (let round = 0; round < 20; round++) {
            await window.db.transaction(async (tx) => {
              const row = await tx.get<{ n: number }>('select n from counter')
              await tx.run('update counter set n = ?', [Number(row?.n) + 1])
            })
          }
        }),
      ),
    )
    for (const tab of tabs) {
      expect(await tab.evaluate(() => window.db.values('select n from counter'))).toEqual([[60]])
    }
    await expectSound(tabs)
  })

  test('P6 P9 status says who is who and where the data is kept', async ({ launch, site }) => {
    const tabs = await openTabs(await launch(), site, 2)
    const primary = await agreedPrimary(tabs)
    const all = await Promise.all(tabs.map(statusOf))
    expect(all.map(({ role }) => role).toSorted()).toEqual(['primary', 'replica'])
    const { tab } = await statusOf(primary)
    for (const status of all) {
      expect(status).toMatchObject({ storage: engine.rung, epoch: 1, primary: { tab } })
      expect(status.members.map(({ role }) => role).toSorted()).toEqual(['primary', 'replica'])
      expect(status.members.filter(({ self }) => self).map((member) => member.tab)).toEqual([status.tab])
    }
    for (const each of tabs) {
      expect(await each.evaluate(() => window.db.storage.kind)).toBe(engine.rung)
    }
  })

  test('P8 R2 users never mix, and a deletion in one tab is seen in the other', async ({ launch, site }) => {
    const browser = await launch()
    const [a, b] = (await openTabs(browser, site, 2)) as [EngineTab, EngineTab]
    const other = await browser.newTab(site.url)
    await openIn(other, { user: 'u-2', migrations: numberedRows })
    await insert(a, ['one', 1])
    await insert(other, ['two', 2])
    expect(await rowsOf(b)).toEqual([['one', 1]])
    expect(await rowsOf(other)).toEqual([['two', 2]])

    await b.evaluate(() => {
      window.pending = new Promise((resolve) => {
        window.db.on('deleted', () => resolve('heard'))
      })
    })
    await a.evaluate(() => window.db.destroy())
    expect(await b.evaluate(() => window.pending)).toBe('heard')
    const late = await b.evaluate(() => window.settle(window.db.values('select 1')))
    expect(late.error).toMatchObject({ name: 'DatabaseDeletedError', code: 'DATABASE_DELETED' })
    await openIn(b)
    expect(await rowsOf(b)).toEqual([])
    expect(await rowsOf(other)).toEqual([['two', 2]])
  })
}
