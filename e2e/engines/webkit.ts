import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { burningProcess } from './burning-process.ts'
import type { Engine, EngineTab } from './engine.ts'
import { type Connection, connect } from './webkit/connect.ts'

/** For a reload to show its page, ms. */
const LOAD_BOUND = 30_000
/** For a page to say whether it has loaded, and between two such questions, ms. */
const ANSWER_BOUND = 1000
const ASK_EVERY = 20

/**
 * WebKitGTK. Its OPFS has names, but no sync access handles behind them (`NotSupportedError`), and in private
 * windows no files either (`UnknownError`).
 */
export const webkit: Engine = {
  name: 'WebKit',
  rung: 'indexeddb',
  privateRung: 'indexeddb',
  cachesPages: true,
  async launch({ privately = false } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'tutti-profile-'))
    const log: string[] = []
    const start = () => connect(privately ? undefined : folder, (line) => log.push(line))
    let browser = await start()
    let tabs = 0
    return {
      version: browser.version,
      log,
      note: (line) => void log.push(line),
      newTab: (url) => newTab(browser, ++tabs, url),
      async restart() {
        await browser.kill()
        browser = await start()
      },
      async close() {
        await browser.kill()
        await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      },
    }
  },
}

async function newTab(browser: Connection, name: number, url: string): Promise<EngineTab> {
  const ask = async (what: string, more?: object): Promise<void> => {
    await browser.ask(what, name, more)
  }
  await ask('open', { url })
  const tab: EngineTab = {
    evaluate: <R>(run: (given: never) => R | Promise<R>, given?: unknown) =>
      browser.ask('evaluate', name, { source: run.toString(), given }) as Promise<R>,
    goto: (next) => ask('goto', { url: next }),
    back: () => ask('back'),
    async reload() {
      await tab.evaluate(() => {
        document.documentElement.dataset['left'] = 'true'
      })
      await ask('reload')
      await loaded(tab)
    },
    close: () => ask('close'),
    pid: () => burningProcess(tab, browser.pid),
  }
  return tab
}

/**
 * Resolves when the tab shows another document than the one that was marked as left, and has run its scripts:
 * WebKitGTK may say of a reload that it has finished before either. What is asked in between it may never answer.
 */
async function loaded(tab: EngineTab): Promise<void> {
  const deadline = Date.now() + LOAD_BOUND
  while (Date.now() < deadline) {
    const asked = tab.evaluate(
      () => document.readyState === 'complete' && document.documentElement.dataset['left'] === undefined,
    )
    const there = await Promise.race([asked.catch(() => false), delay(ANSWER_BOUND, false)])
    if (there) return
    await delay(ASK_EVERY)
  }
  throw new Error(`WebKit showed no reloaded page within ${LOAD_BOUND} ms`)
}
