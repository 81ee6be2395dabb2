import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect } from 'vitest'
import { crash, killRenderer, overrideQuota } from './faults.ts'
import { browserPid, rendererPid } from './processes.ts'
import { type Site, serve } from './serve.ts'
import { test } from './test.ts'

const page = '<!doctype html><title>harness</title><link rel="icon" href="data:,">'
const worker = `postMessage({ opfs: 'getDirectory' in navigator.storage })`

let folder: string
let site: Site

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tutti-site-'))
  await writeFile(join(folder, 'index.html'), page)
  await writeFile(join(folder, 'worker.js'), worker)
  site = await serve(folder)
})

afterAll(async () => {
  await site.close()
  await rm(folder, { recursive: true })
})

describe('the harness', () => {
  test('has tabs that share their storage, also after the browser was killed', async ({ launch }) => {
    const browser = await launch()
    const first = await browser.newTab(site.url)
    await first.evaluate(async () => {
      const directory = await navigator.storage.getDirectory()
      const writable = await (await directory.getFileHandle('note', { create: true })).createWritable()
      await writable.write('kept')
      await writable.close()
    })
    expect(await readNote(await browser.newTab(site.url))).toBe('kept')
    await browser.restart()
    expect(await readNote(await browser.newTab(site.url))).toBe('kept')
  })

  test('starts a browser again that has ended by itself', async ({ launch }) => {
    const browser = await launch()
    const ended = new Promise((resolve) => browser.context.once('close', resolve))
    process.kill(await browserPid(browser.context), 'SIGKILL')
    await ended
    await browser.restart()
    expect(await (await browser.newTab(site.url)).title()).toBe('harness')
  })

  test('crashes and kills one tab, and the other lives on', async ({ launch }) => {
    const browser = await launch()
    const [a, b, c] = [
      await browser.newTab(site.url),
      await browser.newTab(site.url),
      await browser.newTab(site.url),
    ]
    const pids = new Set([await rendererPid(a), await rendererPid(b), await rendererPid(c)])
    expect(pids.size).toBe(3)
    await crash(a)
    await killRenderer(b)
    expect(await c.evaluate(() => document.title)).toBe('harness')
    expect(browser.log.filter((line) => line.endsWith('crashed'))).toHaveLength(2)
  })

  test('fills an origin up, and makes room again', async ({ launch }) => {
    const tab = await (await launch()).newTab(site.url)
    await overrideQuota(tab, site.url, 1024)
    expect(await writeNote(tab, 1_000_000)).toBe('QuotaExceededError')
    await overrideQuota(tab, site.url, null)
    expect(await writeNote(tab, 1_000_000)).toBe('written')
  })

  test('takes OPFS away from pages and workers', async ({ launch }) => {
    const whole = await (await launch()).newTab(site.url)
    expect(await askForOpfs(whole)).toEqual({ page: true, worker: true })
    const without = await (await launch({ opfs: false })).newTab(site.url)
    expect(await askForOpfs(without)).toEqual({ page: false, worker: false })
  })
})

function readNote(tab: Page): Promise<string> {
  return tab.evaluate(async () => {
    const directory = await navigator.storage.getDirectory()
    return (await (await directory.getFileHandle('note')).getFile()).text()
  })
}

function writeNote(tab: Page, bytes: number): Promise<string> {
  return tab.evaluate(async (size) => {
    const directory = await navigator.storage.getDirectory()
    const writable = await (await directory.getFileHandle('note', { create: true })).createWritable()
    try {
      await writable.write(new Uint8Array(size))
      await writable.close()
      return 'written'
    } catch (error) {
      return error instanceof Error ? error.name : String(error)
    }
  }, bytes)
}

function askForOpfs(tab: Page): Promise<unknown> {
  return tab.evaluate(
    () =>
      new Promise((resolve) => {
        const started = new Worker('/worker.js', { type: 'module' })
        started.onmessage = (event) =>
          resolve({ page: 'getDirectory' in navigator.storage, worker: event.data.opfs })
      }),
  )
}
