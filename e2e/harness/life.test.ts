import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import type { TestBrowser } from './browser.ts'
import { comeBack, freeze, hideAll, isHidden, leave, show, thaw, unhide } from './life.ts'
import { type Site, serve } from './serve.ts'
import { test } from './test.ts'

/** A tab whose worker answers whoever asks, and which counts how often a timer of its own fired. */
const page = `<!doctype html><title>life</title><link rel="icon" href="data:,"><script>
  new Worker('/worker.js', { name: location.search })
  window.fired = 0
  setInterval(() => window.fired++, 50)
</script>`
const worker = `
  const told = new BroadcastChannel('told')
  new BroadcastChannel('ask').onmessage = () => told.postMessage(name)`

let folder: string
let site: Site

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tutti-life-'))
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'worker.js'), worker)
  site = await serve(folder)
})

afterAll(async () => {
  await site.close()
  await rm(folder, { recursive: true })
})

describe('the harness with a real lifecycle', () => {
  test('has one visible tab in a window, and throttles those behind it', async ({ launch }) => {
    const [a, b] = await twoTabs(await launch({ lifecycle: true }))
    expect(await Promise.all([isHidden(a), isHidden(b)])).toEqual([true, false])
    await show(a)
    expect(await Promise.all([isHidden(a), isHidden(b)])).toEqual([false, true])
    const [before, target] = [await fired(b), (await fired(a)) + 60]
    await expect.poll(() => fired(a), { timeout: 30_000 }).toBeGreaterThan(target)
    expect((await fired(b)) - before).toBeLessThan(20)
  })

  test('hides all tabs with their window', async ({ launch }) => {
    const [a, b] = await twoTabs(await launch({ lifecycle: true }))
    await hideAll([a, b])
    await unhide([a, b])
    await expect.poll(() => isHidden(b)).toBe(false)
  })

  test('freezes a tab and its workers, and lets them go on', async ({ launch }) => {
    const [a, b] = await twoTabs(await launch({ lifecycle: true }))
    expect(await heard(b, 'a')).toContain('?a')
    await freeze(a)
    expect(await heard(b, 'b', 50)).toEqual(['?b'])
    await thaw(a)
    expect(await heard(b, 'a')).toContain('?a')
  })

  test('keeps a page in the back/forward cache with its workers', async ({ launch }) => {
    const [a, b] = await twoTabs(await launch({ lifecycle: true }))
    await leave(a, site)
    expect(await heard(b, 'b', 50)).toEqual(['?b'])
    expect(await comeBack(a)).toBe('cached')
    expect(await heard(b, 'a')).toContain('?a')
  })

  test('tells of a page that the cache did not keep', async ({ launch }) => {
    const [a, b] = await twoTabs(await launch({ lifecycle: true }))
    await a.evaluate(
      () =>
        new Promise<void>(
          (held) => void navigator.locks.request('wanted', () => (held(), new Promise(() => undefined))),
        ),
    )
    await leave(a, site)
    await b.evaluate(() => navigator.locks.request('wanted', () => undefined))
    expect(await comeBack(a)).toBe('loaded')
  })
})

async function twoTabs(browser: TestBrowser): Promise<[Page, Page]> {
  const tabs: [Page, Page] = [await browser.newTab(`${site.url}/?a`), await browser.newTab(`${site.url}/?b`)]
  // Their workers have started.
  for (const name of ['a', 'b']) await heard(tabs[1], name)
  return tabs
}

/** Asks all workers until that of tab `from` has answered so many times; whose workers answered meanwhile. */
function heard(tab: Page, from: string, times = 1): Promise<string[]> {
  return tab.evaluate(
    ([wanted, rounds]) =>
      new Promise((resolve) => {
        const [ask, told] = [new BroadcastChannel('ask'), new BroadcastChannel('told')]
        const names = new Set<string>()
        let answers = 0
        const again = setInterval(() => ask.postMessage(''), 50)
        told.addEventListener('message', ({ data }: MessageEvent<string>) => {
          names.add(data)
          if (data === wanted && ++answers >= rounds) {
            clearInterval(again)
            told.close()
            resolve([...names].toSorted())
          } else {
            ask.postMessage('')
          }
        })
        ask.postMessage('')
      }),
    [`?${from}`, times] as const,
  )
}

function fired(tab: Page): Promise<number> {
  return tab.evaluate(() => window.fired)
}

declare global {
  interface Window {
    fired: number
  }
}
