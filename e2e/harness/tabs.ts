import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import type { TestBrowser } from './browser.ts'
import { openTab, type TabOptions } from './open-tab.ts'
import type { Scripted } from './scripted.ts'
import type { Site } from './serve.ts'

export type Status = Awaited<ReturnType<Window['db']['status']>>

/** Opens tabs one after the other: the first one becomes the primary. */
export async function openTabs(
  browser: TestBrowser,
  site: Site,
  count: number,
  options: TabOptions,
): Promise<Page[]> {
  const tabs: Page[] = []
  for (let index = 0; index < count; index++) tabs.push(await openTab(browser, site, options))
  return tabs
}

export function statusOf(tab: Scripted): Promise<Status> {
  return tab.evaluate(() => window.db.status())
}

/** Waits until all tabs name the same one of them as primary, and nobody else is a member; returns it. */
export async function agreedPrimary<Tab extends Scripted>(tabs: readonly Tab[]): Promise<Tab> {
  await expect
    .poll(async () => disagreement(await Promise.all(tabs.map(statusOf))), { timeout: 20_000 })
    .toEqual([])
  for (const tab of tabs) if ((await statusOf(tab)).role === 'primary') return tab
  throw new Error('the primary changed while it was asked for')
}

function disagreement(all: readonly Status[]): string[] {
  const wrong: string[] = []
  const one = (what: string, values: readonly unknown[]) => {
    const different = new Set(values.map((value) => JSON.stringify(value)))
    if (different.size !== 1) wrong.push(`${what}: ${[...different].join(' or ')}`)
  }
  one(
    'primary',
    all.map(({ primary }) => primary),
  )
  one(
    'epoch',
    all.map(({ epoch }) => epoch),
  )
  one(
    'incarnation',
    all.map(({ incarnation }) => incarnation),
  )
  one(
    'members',
    all.map(({ members }) => members.map(({ tab }) => tab).toSorted()),
  )
  const primaries = all.filter(({ role }) => role === 'primary').length
  if (primaries !== 1) wrong.push(`${primaries} tabs are primary`)
  const named = all[0]?.members.length
  if (named !== all.length) wrong.push(`${named} members of ${all.length} tabs`)
  return wrong
}

/** The Web Locks that are held, without the ids in their names: what must not grow. */
export async function heldLocks(tab: Scripted): Promise<string[]> {
  const names = await tab.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.map(({ name }) => name ?? '')
  })
  return names.map((name) => name.replace(/[0-9a-f]{32}$/, 'ID')).toSorted()
}

/** SHA-256 of what a tab exports: equal pages have equal ones. */
export function digestOf(tab: Scripted): Promise<string> {
  return tab.evaluate(async () => {
    const bytes = await (await window.db.export()).arrayBuffer()
    const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
    return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
  })
}

/** What SQLite says of a database, and whether all tabs hold the same one (I6, I7). */
export async function expectSound(tabs: readonly Scripted[]): Promise<void> {
  for (const tab of tabs) {
    expect(await tab.evaluate(() => window.db.values('pragma integrity_check'))).toEqual([['ok']])
    expect(await tab.evaluate(() => window.db.values('pragma foreign_key_check'))).toEqual([])
  }
  const digests = new Set(await Promise.all(tabs.map(digestOf)))
  expect(digests.size).toBe(1)
}
