import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { describe, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { inspectorReady, runSql } from '../harness/debug-page.ts'
import {
  answer,
  expectQueue,
  expectStaged,
  openSignIn,
  openToday,
  rate,
  shortSet,
  signIn,
} from '../harness/practice.ts'
import { serve, servePractice } from '../harness/serve.ts'
import { test } from '../harness/test.ts'

// What the browser keeps by itself proves nothing.
const headers = { 'cache-control': 'no-store' }

describe("Practice's service worker", () => {
  test('P1 P9 fault 15 loaded once, Practice starts without its server at any of its pages, and tabs follow one another', async ({
    launch,
  }) => {
    const practice = await servePractice({ headers })
    const browser = await launch()
    const first = await openSignIn(browser, practice)
    await controlled(first)
    await practice.close()
    await first.close()

    const tab = await signIn(browser, practice, shortSet)
    const debug = await browser.newTab(`${practice.url}/debug/db`)
    await inspectorReady(debug)
    await rate(tab, 0, 'good')
    await expectStaged(tab, 1)
    const staged = 'select count(*) from table_transient_data'
    expect((await runSql(debug, staged)).rows).toEqual([['1']])
    await tab.bringToFront()
    await tab.getByTestId('submit').click()
    await expectStaged(tab, 0)
    await expect.poll(() => debug.getByTestId('table-table_transient_data').innerText()).toMatch(/\b0$/)
    expect((await runSql(debug, 'select count(*) from practice_record')).rows).not.toEqual([['0']])

    await tab.close()
    const other = await openToday(browser, practice, shortSet.queue)
    await rate(other, 1, 'easy')
    await expect.poll(async () => (await runSql(debug, staged)).rows).toEqual([['1']])
  })

  test('P7 a newer build waits until somebody asks for it, and then all tabs are of it', async ({
    launch,
  }) => {
    const folder = await mkdtemp(join(tmpdir(), 'tutti-newer-'))
    await buildWithoutDebugPage(folder)
    const older = await servePractice({ headers })
    const browser = await launch()
    const tab = await signIn(browser, older, shortSet)
    await controlled(tab)
    await older.close()

    const newer = await serve(folder, { headers, port: Number(new URL(older.url).port) })
    const other = await openToday(browser, newer, shortSet.queue)
    for (const each of [tab, other]) await each.getByTestId('newer-build-banner').waitFor()
    const third = await openToday(browser, newer, shortSet.queue)
    for (const each of [tab, other, third]) expect(await each.getByTestId('debug-link').count()).toBe(1)
    await rate(tab, 0, 'good')
    await expectStaged(third, 1)

    await third.bringToFront()
    await third.getByTestId('newer-build-banner').getByRole('button').click()
    for (const each of [tab, other, third]) {
      await expect.poll(() => each.getByTestId('debug-link').count()).toBe(0)
      await expectQueue(each, shortSet.queue)
      await expectStaged(each, 1)
      expect(await each.getByTestId('newer-build-banner').count()).toBe(0)
    }
    expect(await answer(other, 0, 'good').isChecked()).toBe(true)
    await newer.close()
    await rm(folder, { recursive: true })
  })
})

/** Resolves when the service worker has all files, and answers for the tab. */
async function controlled(tab: Page): Promise<void> {
  await expect.poll(() => tab.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
}

/** Another build of Practice, which shows that it is one: it has no link to the database. */
async function buildWithoutDebugPage(outDir: string): Promise<void> {
  await build({
    root: join(root, 'apps/practice'),
    logLevel: 'warn',
    build: { outDir, emptyOutDir: true },
    define: { 'import.meta.env.VITE_DEBUG_DB': JSON.stringify('off') },
  })
}
