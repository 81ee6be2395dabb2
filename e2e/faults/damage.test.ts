import { readFile, stat, truncate } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { describe, expect } from 'vitest'
import type { TestBrowser } from '../harness/browser.ts'
import { expectGoodHistory } from '../harness/invariants.ts'
import { numberedRows } from '../harness/numbered-rows.ts'
import { openIn } from '../harness/open-tab.ts'
import { findOpfsFiles, flipBytes, type OpfsFiles } from '../harness/opfs-files.ts'
import type { Site } from '../harness/serve.ts'
import { agreedPrimary, expectSound, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const PAGE = 4096
/** Two starts of a browser, and a wait for backup and checkpoint. */
const LIMIT = 180_000
const LAST = 'the last row of all'
const backup = { every: 1000, keep: 2 }
const options = { user: 'u-1', migrations: numberedRows, backup }

/** How the files are damaged while the browser is down. */
const DAMAGES: readonly (readonly [string, (files: OpfsFiles) => Promise<void>])[] = [
  ['bytes of the header are flipped', ({ database }) => flipBytes(database, [0, 5, 17, 20])],
  [
    'bytes of every page but the first are flipped',
    async ({ database }) => {
      const { size } = await stat(database)
      const pages = Array.from({ length: size / PAGE - 4 }, (_, i) => (i + 4) * PAGE)
      await flipBytes(
        database,
        pages.flatMap((at) => [at, at + 3, at + 5, at + 8, at + 9]),
      )
    },
  ],
  [
    'the file is cut in the middle of a page',
    async ({ database }) => truncate(database, Math.floor((await stat(database)).size / 2) + 100),
  ],
  ['the file is cut to nothing', ({ database }) => truncate(database, 0)],
]

/** Two tabs wrote, a backup was made since, and the file has it all; then the browser is killed. */
async function written(browser: TestBrowser, site: Site): Promise<{ files: OpfsFiles; rows: number }> {
  const tabs = (await openTabs(browser, site, 2, options)) as [Page, Page]
  for (const tab of tabs) {
    await tab.evaluate(async () => {
      for (let n = 0; n < 60; n++)
        await window.db.run('insert into row (tab, n) values (?, ?)', [
          `${Math.random()} ${'x'.repeat(500)}`,
          n,
        ])
    })
  }
  const version = await tabs[0].evaluate(
    async (last) => (await window.db.run('insert into row (tab, n) values (?, 0)', [last])).version,
    LAST,
  )
  const known = () => tabs[1].evaluate(async () => (await window.db.status()).backup)
  await expect
    .poll(async () => (await known())?.version ?? 0, { timeout: 30_000 })
    .toBeGreaterThanOrEqual(version)
  const { profile } = browser
  const files = await findOpfsFiles(profile)
  const inFile = async () => (await readFile(files.database)).includes(LAST)
  await expect.poll(inFile, { timeout: 30_000 }).toBe(true)
  await browser.kill()
  return { files, rows: 121 }
}

/** What `open` or a call ends with, as far as the app sees it. */
function endOf(tab: Page, call: 'open' | 'read'): Promise<Record<string, unknown>> {
  return tab.evaluate(
    async ([given, which]) => {
      await new Promise((resolve) => {
        if (document.body.dataset['ready'] !== undefined) resolve(undefined)
        else new MutationObserver(() => resolve(undefined)).observe(document.body, { attributes: true })
      })
      try {
        if (which === 'open') window.db = await window.tutti.open(given)
        await window.db.values('select sum(length(tab)), count(*) from row')
        await window.db.values('select * from row order by tab')
        return { ok: true }
      } catch (error) {
        const { code, quarantined, backup: hasBackup, outcome } = error as Record<string, unknown>
        return { code, quarantined, backup: hasBackup, outcome: outcome ?? null }
      }
    },
    [options, call] as const,
  )
}

describe('R29.1 fault 18: the file is damaged while the browser is down', () => {
  for (const [title, damage] of DAMAGES) {
    test(`R29.1 fault 18: ${title}: set aside, told to every tab, exported byte by byte, and restored`, {
      timeout: LIMIT,
    }, async ({ launch, site }) => {
      const browser = await launch()
      const { files, rows } = await written(browser, site)
      // A log that has it all would hide the damage, and heal it.
      await flipBytes(files.log, [0])
      await damage(files)
      const raw = await readFile(files.database)
      await browser.restart()
      const tabs = [await browser.newTab(site.url), await browser.newTab(site.url)] as const
      const ends = [await endOf(tabs[0], 'open'), await endOf(tabs[1], 'open'), await endOf(tabs[0], 'open')]
      const quarantined = ends[0]?.['quarantined']
      expect(quarantined).toMatch(/^corrupt-\d+\.sqlite3$/)
      for (const end of ends)
        expect(end).toMatchObject({ code: 'STORAGE_CORRUPT', quarantined, backup: true })

      const exported = await tabs[1].evaluate(async () => {
        const recovery = await window.tutti.recover({ user: 'u-1' })
        const [first] = recovery.damaged
        if (first === undefined) return []
        const { database } = await recovery.damagedBytes(first.name)
        return [...new Uint8Array(await database.arrayBuffer())]
      })
      expect(Buffer.compare(Buffer.from(exported), raw)).toBe(0)

      await tabs[1].evaluate(async () => {
        await (await window.tutti.recover({ user: 'u-1' })).restore()
      })
      for (const tab of tabs) {
        await openIn(tab, options)
        expect(await tab.evaluate(() => window.db.values('select count(*) from row'))).toEqual([[rows]])
      }
      await agreedPrimary(tabs)
      await expectSound(tabs)
      await tabs[0].evaluate(() => window.db.run("insert into row (tab, n) values ('goes on', 1)"))

      await tabs[0].evaluate(() => window.db.destroy())
      const left = await tabs[1].evaluate(async () => {
        const { damaged, backups } = await window.tutti.recover({ user: 'u-1' })
        return [...damaged, ...backups].length
      })
      expect(left).toBe(0)
    })
  }
})

test('R29.2 backups are made while two tabs write, and no writer waits for one', { timeout: LIMIT }, async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const tabs = (await openTabs(browser, site, 2, { ...options, migrations: workloadTables })) as [Page, Page]
  await startWorkloads(tabs)
  const version = async () => (await statusOf(tabs[0])).backup?.version ?? 0
  let seen = 0
  for (let made = 0; made < 3; made++) {
    await expect.poll(version, { timeout: 40_000 }).toBeGreaterThan(seen)
    seen = await version()
    await goOn(tabs, 5)
  }
  const verdict = await expectGoodHistory(browser, tabs)
  expect(verdict.failed).toEqual([])
  // The last one: no other is made, and no older one goes, while they are looked at.
  const behind = async () => (await statusOf(tabs[0])).version - (await version())
  await expect.poll(behind, { timeout: 40_000 }).toBe(0)
  const sound = await tabs[1].evaluate(async () => {
    const recovery = await window.tutti.recover({ user: 'u-1' })
    const heads: string[] = []
    for (const { name, size } of recovery.backups) {
      const blob = await recovery.backupBytes(name)
      heads.push(`${await blob.slice(0, 15).text()} ${blob.size === size}`)
    }
    return heads
  })
  expect(sound).toEqual(['SQLite format 3 true', 'SQLite format 3 true'])
})
