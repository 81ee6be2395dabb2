import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { serve } from '../../scripts/serve.mjs'
import { vite } from '../harness/bundlers.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { openTab } from '../harness/open-tab.ts'
import { type ReportSink, startReportSink } from '../harness/report-sink.ts'
import { test } from '../harness/test.ts'
import { addTune, expectTunes } from '../harness/tunes-app.ts'

const strict = "default-src 'self'; worker-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
const fixture = fileURLToPath(new URL('../fixture/dist', import.meta.url))

// The fixture's icon.
const icon = 'img-src data:'

// Some 10^6 rows: longer than it takes until a statement looks whether it was stopped.
const long =
  'with recursive n(i) as (select 1 union all select i + 1 from n where i < 1e6) select count(*) as n from n'
const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'

let library: PackedLibrary
let sink: ReportSink

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

beforeEach(async () => {
  sink = await startReportSink()
})

afterEach(() => sink.close())

test('P1 P2 an installed app works in two tabs under a strict Content-Security-Policy, and violates nothing', async ({
  launch,
}) => {
  const folder = await library.install('app', 'vite')
  const served = await vite(folder, headers(strict))
  try {
    const browser = await launch()
    const one = await browser.newTab(served.url)
    await addTune(one, 'The Kesh')
    const two = await browser.newTab(served.url)
    await expectTunes(two, 'The Kesh')
    await addTune(two, 'Banish Misfortune')
    await expectTunes(one, 'Banish Misfortune, The Kesh')
    await expectViolations(one, [])
  } finally {
    await served.close()
  }
})

test('P4 R23 under a policy that refuses blob URLs, a call with a signal runs to its end, and settles when it is aborted', async ({
  launch,
}) => {
  const site = await serve(fixture, { headers: headers(`${strict}; ${icon}`) })
  const tab = await openTab(await launch(), site, { user: 'u-1' })
  const whole = await tab.evaluate(
    (sql) => window.settle(window.db.get(sql, [], { signal: new AbortController().signal })),
    long,
  )
  expect(whole).toEqual({ ok: { n: 1e6 } })
  const stopped = await tab.evaluate(
    (sql) => window.settle(window.db.get(sql, [], { signal: AbortSignal.timeout(300), timeout: 5000 })),
    endless,
  )
  expect(stopped).toMatchObject({ error: { code: 'ABORTED' } })
  // What tells a worker that it cannot look; the browser reports it once for each that did.
  await expectViolations(tab, [{ directive: 'connect-src', blocked: 'blob' }])
  await site.close()
})

test('P4 R23 under a policy that allows blob URLs, an aborted statement stops, and nothing is violated', async ({
  launch,
}) => {
  const site = await serve(fixture, { headers: headers(`${strict}; ${icon}; connect-src 'self' blob:`) })
  const tab = await openTab(await launch(), site, { user: 'u-1' })
  const stopped = await tab.evaluate(async (sql) => {
    const aborted = await window.settle(window.db.get(sql, [], { signal: AbortSignal.timeout(300) }))
    return [aborted, await window.settle(window.db.get('select 1 as n'))]
  }, endless)
  expect(stopped).toMatchObject([{ error: { code: 'ABORTED' } }, { ok: { n: 1 } }])
  await expectViolations(tab, [])
  await site.close()
})

function headers(policy: string): Record<string, string> {
  return { 'content-security-policy': `${policy}; report-uri ${sink.url}` }
}

/** Provokes a violation, and waits until it is told: then those before it are, too. */
async function expectViolations(tab: Page, before: ReportSink['violations']): Promise<void> {
  await tab.evaluate(() => fetch('https://elsewhere.invalid/').catch(() => undefined))
  const last = { directive: 'connect-src', blocked: 'https://elsewhere.invalid/' }
  const kinds = () => [...new Set(sink.violations.map(({ directive, blocked }) => `${directive} ${blocked}`))]
  const expected = [...before, last].map(({ directive, blocked }) => `${directive} ${blocked}`)
  await expect.poll(kinds).toEqual(expected)
}
