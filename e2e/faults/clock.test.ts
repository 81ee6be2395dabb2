import { expect } from 'vitest'
import { killPrimaryWorker } from '../harness/faults.ts'
import { expectInvariants } from '../harness/invariants.ts'
import { agreedPrimary, openTabs, statusOf } from '../harness/tabs.ts'
import { test } from '../harness/test.ts'
import { adjustWallClock } from '../harness/wall-clock.ts'
import { goOn, startWorkloads, workloadTables } from '../harness/workload.ts'

const options = { user: 'u-1', migrations: workloadTables }
const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

test('P1 P3 R10 fault 17 the wall clock jumps forth and back while tabs work: order and leases stand, nobody takes over', async ({
  launch,
  site,
}) => {
  const browser = await launch()
  const clock = await adjustWallClock(browser)
  const tabs = await openTabs(browser, site, 3, options)
  const primary = await agreedPrimary(tabs)
  const { epoch } = await statusOf(primary)
  await startWorkloads(tabs)
  await goOn(tabs)
  for (const ahead of [MINUTE, -MINUTE, DAY, 0, -DAY, 300, 0]) {
    await clock.set(primary, ahead)
    await goOn(tabs, 10)
  }
  expect((await statusOf(primary)).epoch).toBe(epoch)

  // A failover on the day before: the new primary's epoch counts, not its date.
  await clock.set(primary, -DAY)
  await killPrimaryWorker(primary)
  await goOn(tabs)
  await clock.set(primary, 0)
  await goOn(tabs)
  expect((await statusOf(primary)).epoch).toBe(epoch + 1)
  const { failed } = await expectInvariants(browser, tabs)
  // By a clock that was set forth a request has expired that was not: it is refused, and not applied.
  expect(failed.filter(({ code }) => code !== 'CALL_TIMEOUT')).toEqual([])
})
