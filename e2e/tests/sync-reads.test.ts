import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { openTab } from '../harness/open-tab.ts'
import { openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'

const migrations = [{ name: '1 t', sql: 'create table t (id integer primary key, v text)' }]
const options = { user: 'u-1', migrations, syncReads: true }

test('P1.6 a tab reads without a promise what it wrote itself, and what another tab wrote and told it of', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const [first, second] = (await openTabs(browser, site, 2, options)) as [Page, Page]
  await second.evaluate(() => {
    window.pending = new Promise((resolve) => {
      const told: unknown[] = []
      new BroadcastChannel('app').onmessage = async () => {
        await window.db.sync.refresh()
        told.push(window.db.sync.get('select count(*) as n from t')?.['n'])
        if (told.length === 20) resolve(told)
      }
    })
  })
  const own = await first.evaluate(async () => {
    const app = new BroadcastChannel('app')
    const seen: unknown[] = []
    for (let i = 0; i < 20; i++) {
      await window.db.run("insert into t (v) values ('x')")
      seen.push(window.db.sync.values('select count(*) from t')[0]?.[0])
      app.postMessage('written')
    }
    return seen
  })
  expect(own).toEqual(Array.from({ length: 20 }, (_, i) => i + 1))
  const told = (await second.evaluate(() => window.pending)) as number[]
  for (const [i, n] of told.entries()) expect(n).toBeGreaterThanOrEqual(i + 1)

  await first.close()
  expect(await second.evaluate(() => window.db.sync.values('select count(*) from t'))).toEqual([[20]])
  const after = await second.evaluate(async () => {
    await window.db.run("insert into t (v) values ('y')")
    return window.db.sync.values('select count(*) from t')
  })
  expect(after).toEqual([[21]])
})

test('P1.6 P4.1 what it refuses has the classes of the page; without the option nothing is loaded for it', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const requested: string[] = []
  browser.context.on('request', (request) => requested.push(request.url()))
  const without = await openTab(browser, site, { user: 'u-2' })
  const before = requested.length
  await without.evaluate(() => window.db.get('select 1'))
  expect(requested.filter((url) => /reader/.test(url))).toEqual([])
  const tab = await openTab(browser, site, options)
  expect(requested.slice(before).filter((url) => /reader/.test(url))).toHaveLength(1)
  expect(
    await tab.evaluate(() => {
      const { StatementRefusedError, SqlError, ParameterError } = window.tutti
      const throws = (sql: string) => {
        try {
          return window.db.sync.all(sql)
        } catch (error) {
          return error
        }
      }
      return [
        throws("insert into t (v) values ('x')") instanceof StatementRefusedError,
        throws('select * from nowhere') instanceof SqlError,
        throws('select ?') instanceof ParameterError,
      ]
    }),
  ).toEqual([true, true, true])
})
