import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { burningProcess } from './burning-process.ts'
import type { Engine, EngineTab } from './engine.ts'
import { type Connection, connect } from './webkit/connect.ts'

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
    reload: () => ask('reload'),
    close: () => ask('close'),
    pid: () => burningProcess(tab, browser.pid),
  }
  return tab
}
