import { setTimeout as after } from 'node:timers/promises'
import type { Page } from 'playwright-core'
import type { Prng } from '../../packages/tutti/src/platform/simulated/prng.ts'
import { crash, killPrimaryWorker, killRenderer, overrideQuota } from '../harness/faults.ts'
import { statusOf } from '../harness/tabs.ts'
import type { SoakTabs } from './soak-tabs.ts'

/** Causes one fault; `false` where it could not be caused now. What must be undone later goes to `later`. */
export type SoakFault = (scene: SoakScene) => Promise<boolean>

export interface SoakScene {
  readonly tabs: SoakTabs
  readonly prng: Prng
  /** Undoes something after so many ms, at the latest before the round is judged. */
  readonly later: (ms: number, undo: () => void | Promise<void>) => void
}

/** About 1 s of work in the primary, during which it hears nothing; changes nothing. */
const LONG_STATEMENT = `update reg set v = v where
  (with recursive n(i) as (select 1 union all select i + 1 from n limit 4000000) select count(*) from n) < 0`

/** By name; each is as likely as another. Numbers are those of the fault table. */
export const soakFaults: Readonly<Record<string, SoakFault>> = {
  '1 a tab is closed': async ({ tabs, prng }) => {
    await tabs.replace(prng.pick(tabs.awake))
    return true
  },
  '2 a tab crashes': async ({ tabs, prng }) => {
    const tab = prng.pick(tabs.awake)
    await crash(tab)
    await tabs.replace(tab)
    return true
  },
  "2 the primary's tab crashes": async ({ tabs }) => {
    const tab = await primaryOf(tabs)
    if (tab === undefined) return false
    await crash(tab)
    await tabs.replace(tab)
    return true
  },
  '3 a renderer is SIGKILLed': async ({ tabs, prng }) => {
    const tab = prng.pick(tabs.awake)
    const pid = tabs.pidOf(tab)
    if (pid === undefined) return false
    await killRenderer(tab, pid)
    await tabs.replace(tab)
    return true
  },
  '4 the primary worker dies alone': async ({ tabs }) => {
    const tab = await primaryOf(tabs)
    if (tab === undefined) return false
    await killPrimaryWorker(tab)
    return true
  },
  '6 a process stops for a while': async ({ tabs, prng, later }) => {
    const tab = prng.pick(tabs.awake)
    const pid = tabs.pidOf(tab)
    if (pid === undefined || tabs.awake.length <= 2) return false
    later(200 + prng.number() * 6000, tabs.stop(tab, pid))
    return true
  },
  '7 the browser is killed': async ({ tabs }) => {
    await tabs.restart()
    return true
  },
  '8 a tab is reloaded': async ({ tabs, prng }) => {
    await tabs.reload(prng.pick(tabs.awake))
    return true
  },
  '8 a tab is reloaded five times': async ({ tabs, prng }) => {
    const tab = prng.pick(tabs.awake)
    for (let n = 0; n < 4; n++) await tab.reload({ waitUntil: 'domcontentloaded' })
    await tabs.reload(tab)
    return true
  },
  '9 the quota is used up': async ({ tabs, prng, later }) => {
    const tab = prng.pick(tabs.awake)
    await overrideQuota(tab, tabs.site.url, 1)
    later(prng.number() * 3000, () => liftQuota(tab, tabs.site.url))
    return true
  },
  '15 the browser is offline': async ({ tabs, prng }) => {
    const { context } = tabs.browser
    await context.setOffline(true)
    await after(prng.number() * 2000)
    await context.setOffline(false)
    return true
  },
  'a statement takes long': async ({ tabs, prng }) => {
    const tab = prng.pick(tabs.awake)
    await tab.evaluate((sql) => window.settle(window.db.run(sql)), LONG_STATEMENT)
    return true
  },
  'a tab exports': async ({ tabs, prng }) => {
    const tab = prng.pick(tabs.awake)
    await tab.evaluate(() => window.settle(window.db.export()).then(() => undefined))
    return true
  },
}

async function primaryOf(tabs: SoakTabs): Promise<Page | undefined> {
  for (const tab of tabs.awake) if ((await statusOf(tab)).role === 'primary') return tab
  return undefined
}

/** It ends with the page's debugging session anyway, where the page is gone by then. */
async function liftQuota(tab: Page, origin: string): Promise<void> {
  if (!tab.isClosed()) await overrideQuota(tab, origin, null).catch(() => undefined)
}
