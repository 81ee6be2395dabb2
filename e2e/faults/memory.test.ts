import { expect } from 'vitest'
import { exhaustMemory } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

test("P2 P3 fault 20 the primary's worker runs out of memory while tabs work: its tab dies, no write of the others fails", async ({
  launch,
  site,
}) => {
  const browser = await launch({ heap: 128 })
  const tabs = await openTabs(browser, site, 3, options)
  const primary = await agreedPrimary(tabs)
  const others = tabs.filter((tab) => tab !== primary)
  await startWorkloads(tabs)
  await goOn(tabs)
  await exhaustMemory(primary)
  await goOn(others)
  // While it looks for garbage, for seconds, it is a primary that hangs: a read may be refused as too old.
  const { failed } = await expectInvariants(browser, others)
  expect(failed.filter(({ code }) => code !== 'STALE_READ')).toEqual([])
})
