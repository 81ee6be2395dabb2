import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { build } from 'vite'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { raiseProtocol } from '../harness/builds.ts'
import { inspectorReady, runSql } from '../harness/debug-page.ts'
import {
  expectQueue,
  expectStaged,
  openSignIn,
  openToday,
  rate,
  shortSet,
  signIn,
} from '../harness/practice.ts'
import { type Site, serve, servePractice } from '../harness/serve.ts'
import { test } from '../harness/test.ts'

// What the browser keeps by itself proves nothing.
const headers = { 'cache-control': 'no-store' }
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tutti-practice-'))
  await buildNewer(join(folder, 'newer'), await raiseProtocol(join(folder, 'library')))
})

afterAll(() => rm(folder, { recursive: true }))

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
    const older = await servePractice({ headers })
    const browser = await launch()
    const tab = await signIn(browser, older, shortSet)
    await controlled(tab)
    const newer = await deploy(older)
    const other = await openToday(browser, newer, shortSet.queue)
    for (const each of [tab, other]) await each.getByTestId('newer-build-banner').waitFor()
    const third = await openToday(browser, newer, shortSet.queue)
    for (const each of [tab, other, third]) expect(await isNewer(each)).toBe(false)
    await rate(tab, 0, 'good')
    await expectStaged(third, 1)

    await third.bringToFront()
    await third.getByTestId('newer-build-banner').getByRole('button').click()
    for (const each of [tab, other, third]) {
      await expect.poll(() => isNewer(each)).toBe(true)
      await expectStaged(each, 1)
      expect(await each.getByTestId('newer-build-banner').count()).toBe(0)
    }
    await newer.close()
  })

  test('P7 a tab that is outdated by a forced reload of another one reloads as the newer build, not from what is kept', async ({
    launch,
  }) => {
    const older = await servePractice({ headers })
    const browser = await launch()
    const tab = await signIn(browser, older, shortSet)
    await controlled(tab)
    const newer = await deploy(older)
    const forced = await openToday(browser, newer, shortSet.queue)
    const session = await browser.context.newCDPSession(forced)
    await session.send('Page.reload', { ignoreCache: true })
    await expect.poll(() => isNewer(forced)).toBe(true)

    for (const banner of ['newer-build-banner', 'outdated-banner']) await tab.getByTestId(banner).waitFor()
    expect(await isNewer(tab)).toBe(false)
    await tab.bringToFront()
    await tab.getByTestId('outdated-banner').getByRole('button').click()
    for (const each of [tab, forced]) {
      await expect.poll(() => isNewer(each)).toBe(true)
      await expectQueue(each, shortSet.queue)
      expect(await each.locator('.banner').count()).toBe(0)
    }
    await newer.close()
  })

  test('P7 a build that the server has only in part is not kept', async ({ launch }) => {
    const half = join(folder, 'half')
    await cp(join(root, 'apps/practice/dist'), half, { recursive: true })
    await appendFile(join(half, 'index.html'), '<!-- of another build -->')
    const site = await serve(half, { headers })
    const tab = await openSignIn(await launch(), site)
    const end = await tab.evaluate(async () => {
      const { installing, active } = await navigator.serviceWorker.register('/service-worker.js')
      const worker = installing ?? active
      const ended = () => worker === null || /activated|redundant/.test(worker.state)
      while (!ended()) {
        await new Promise((resolve) => worker?.addEventListener('statechange', resolve, { once: true }))
      }
      // The one that the page itself has asked for may have failed by now, and is no longer named.
      return worker?.state ?? 'redundant'
    })
    expect(end).toBe('redundant')
    expect(await tab.evaluate(() => caches.match('/').then((kept) => kept === undefined))).toBe(true)
    await site.close()
  })
})

/** Resolves when the service worker has all files, and answers for the tab. */
async function controlled(tab: Page): Promise<void> {
  await expect.poll(() => tab.evaluate(() => navigator.serviceWorker.controller?.state)).toBe('activated')
}

/** A newer build of Practice on a newer one of the library. It shows that it is one: it has no link to the database. */
async function buildNewer(outDir: string, tutti: string): Promise<void> {
  await build({
    root: join(root, 'apps/practice'),
    logLevel: 'error',
    resolve: { alias: [{ find: /^tutti$/, replacement: join(tutti, 'index.js') }] },
    build: { outDir, emptyOutDir: true },
    define: { 'import.meta.env.VITE_DEBUG_DB': JSON.stringify('off') },
  })
}

/** Puts the newer build in the older one's place. */
async function deploy(older: Site): Promise<Site> {
  await older.close()
  return serve(join(folder, 'newer'), { headers, port: Number(new URL(older.url).port) })
}

/** Which build a tab is of, once it has somebody signed in. */
async function isNewer(tab: Page): Promise<boolean> {
  await tab.getByTestId('sign-out').waitFor()
  return (await tab.getByTestId('debug-link').count()) === 0
}
