import { expect } from 'vitest'
import { exhaustMemory } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { agreedPrimary, openTabs } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }

test("P2 P3 fault 20 the primary's worker runs out of memory while tabs work: its tab dies, no call of the others fails", async ({
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
  expect((await expectInvariants(browser, others)).failed).toEqual([])
})
