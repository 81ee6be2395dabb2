import { expect } from 'vitest'
import { expectInvariants } from '../harness/invariants.ts'
import { serveFixture } from '../harness/serve.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

test('P3 P4 fault 15 the network goes and the server dies while tabs work: all goes on, a failover too', async ({
  launch,
}) => {
  const site = await serveFixture()
  const browser = await launch()
  const tabs = await openTabs(browser, site, 3, options)
  await startWorkloads(tabs)
  await goOn(tabs)
  await browser.context.setOffline(true)
  await site.close()
  await goOn(tabs)
  const primary = await agreedPrimary(tabs)
  await primary.close()
  const others = tabs.filter((tab) => tab !== primary)
  await goOn(others)
  expect((await expectInvariants(browser, others)).failed).toEqual([])
})
