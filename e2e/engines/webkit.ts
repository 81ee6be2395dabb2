import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { burningProcess } from './burning-process.ts'
import type { Engine, EngineTab } from './engine.ts'
import { evaluate } from './webkit/evaluate.ts'
import { type Driver, startDriver } from './webkit/start-driver.ts'

/**
 * WebKitGTK, over classic WebDriver. Its OPFS has names, but no sync access handles behind them
 * (`NotSupportedError`), and in private windows no files either (`UnknownError`).
 */
export const webkit: Engine = {
  name: 'WebKit',
  rung: 'indexeddb',
  privateRung: 'indexeddb',
  cachesPages: true,
  async launch({ privately = false } = {}) {
    const folder = await mkdtemp(join(tmpdir(), 'tutti-profile-'))
    const log: string[] = []
    const start = () => startDriver(privately ? undefined : folder, (line) => log.push(line))
    let driver = await start()
    return {
      version: driver.session.capabilities.browserVersion,
      log,
      newTab: (url) => newTab(driver, url),
      async restart() {
        await driver.kill()
        driver = await start()
      },
      async close() {
        await driver.kill()
        await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 })
      },
    }
  },
}

/** The window that is there from the start stays: without any, the session would end. */
async function newTab({ session, pid }: Driver, url: string): Promise<EngineTab> {
  const { handle } = (await session.inWindow(session.window, 'POST', '/window/new', { type: 'tab' })) as {
    handle: string
  }
  const ask = async (path: string, body: object = {}): Promise<void> => {
    await session.inWindow(handle, 'POST', path, body)
  }
  const script = (kind: 'sync' | 'async') => (source: string, args: readonly unknown[]) =>
    session.inWindow(handle, 'POST', `/execute/${kind}`, { script: source, args })
  await ask('/url', { url })
  const tab: EngineTab = {
    evaluate: <R>(run: (given: never) => R | Promise<R>, given?: unknown) =>
      evaluate(script('sync'), script('async'), run.toString(), given) as Promise<R>,
    goto: (next) => ask('/url', { url: next }),
    back: () => ask('/back'),
    reload: () => ask('/refresh'),
    async close() {
      await session.inWindow(handle, 'DELETE', '/window')
    },
    pid: () => burningProcess(tab, pid),
  }
  return tab
}
