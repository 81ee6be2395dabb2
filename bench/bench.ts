import { cpus } from 'node:os'
import { fileURLToPath } from 'node:url'
import { launchBrowser } from '../e2e/harness/browser.ts'
import { serve } from '../scripts/serve.mjs'
import { type Figure, formatRatios, formatTable, type Ratio } from './figure.ts'
import { compareStorages } from './figures/compare-storages.ts'
import { failOver } from './figures/fail-over.ts'
import { openTabs } from './figures/open-tabs.ts'
import { readRows } from './figures/read-rows.ts'
import { writeRows } from './figures/write-rows.ts'
import { createHouse } from './house.ts'

/** Measures everything in one browser, one thing after the other, and prints what came out. */
export async function bench(): Promise<void> {
  const started = performance.now()
  const site = await serve(fileURLToPath(new URL('./page/dist', import.meta.url)))
  const browser = await launchBrowser()
  try {
    const house = createHouse(browser, site.url)
    const version = browser.context.browser()?.version() ?? 'unknown'
    console.log(`Chromium ${version}, ${cpus().length} × ${cpus()[0]?.model.trim()}, ${process.platform}\n`)
    const figures: Figure[] = []
    for (const measure of [openTabs, writeRows, readRows, failOver]) figures.push(...(await measure(house)))
    const compared = await compareStorages(house)
    const ratios: Ratio[] = compared.ratios
    console.log(formatTable([...figures, ...compared.figures]))
    console.log(`\n${formatRatios(ratios)}`)
    console.log(`\n${((performance.now() - started) / 1000).toFixed(0)} s in all`)
  } finally {
    await browser.close()
    await site.close()
  }
}
