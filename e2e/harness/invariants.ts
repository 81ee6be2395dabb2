import type { Page } from 'playwright-core'
import { expect } from 'vitest'
import { judgeRecording, type RecordingVerdict } from '../../packages/tutti/test/history/judge-recording.ts'
import type { LogEntry } from '../../packages/tutti/test/history/recording.ts'
import type { TestBrowser } from './browser.ts'
import { type Recorder, readRecording, record } from './recording.ts'
import { expectReleased } from './released.ts'
import type { Scripted } from './scripted.ts'
import { agreedPrimary, expectSound, heldLocks } from './tabs.ts'
import { stopWorkloads } from './workload.ts'

const SLOW = { timeout: 20_000 }

/**
 * Ends the workloads of all tabs that live, and checks invariants I1 to I8; the tabs' databases are closed
 * then.
 *
 * @returns the verdict: which calls failed is for the test to judge
 */
export async function expectInvariants(
  browser: TestBrowser,
  tabs: readonly Page[],
): Promise<RecordingVerdict> {
  const verdict = await expectGoodHistory(browser, tabs)
  await expectReleased(tabs)
  return verdict
}

/** {@link expectInvariants} for a moment of rest: the databases stay open, and I8 is checked of locks only. */
export async function expectGoodHistory(
  browser: TestBrowser,
  tabs: readonly Page[],
): Promise<RecordingVerdict> {
  const verdict = await expectAcknowledged(browser, tabs)
  await agreedPrimary(tabs)
  await expectSound(tabs)
  const [first] = tabs
  if (first !== undefined) await expect.poll(() => locksByKind(first), SLOW).toEqual(locksOfTabs(tabs.length))
  return verdict
}

/** {@link expectGoodHistory} in which at most transactions that rested too long have failed. */
export async function expectOnlyTimeouts(browser: TestBrowser, tabs: readonly Page[]): Promise<void> {
  const { failed } = await expectGoodHistory(browser, tabs)
  expect(failed.filter(({ code }) => code !== 'TRANSACTION_TIMEOUT')).toEqual([])
}

/**
 * Ends the workloads of these tabs and judges what was recorded (I1 to I5, and I6 of reads): for tabs among which
 * some can no longer follow.
 */
export async function expectAcknowledged(
  browser: Recorder,
  tabs: readonly Scripted[],
): Promise<RecordingVerdict> {
  // I5: this waits for each call of a tab that lives.
  await stopWorkloads(tabs)
  const logs = await Promise.all(tabs.map(logOf))
  const [log = []] = logs
  for (const other of logs) expect(other).toEqual(log)
  const working = await Promise.all(tabs.map((tab) => tab.evaluate(() => window.workload?.tab)))
  record(browser, { kind: 'end', living: working.filter((name) => name !== undefined), log })
  const verdict = judgeRecording(readRecording(browser))
  expect(verdict.violations).toEqual([])
  expect(verdict.hanging).toEqual([])
  return verdict
}

/** What the workloads wrote, as a tab reads it. */
export function logOf(tab: Scripted): Promise<LogEntry[]> {
  return tab.evaluate(() => window.db.all<LogEntry>('select * from log order by id'))
}

/** What the tabs of one database hold, and nobody else; a primary holds its office and its life. Beside it one may stand by. */
function locksOfTabs(count: number): Record<string, number> {
  return { candidate: 1, member: count, primary: 2 }
}

async function locksByKind(tab: Page): Promise<Record<string, number>> {
  const kinds: Record<string, number> = {}
  for (const name of await heldLocks(tab)) {
    const kind = name.split('/').at(3) ?? name
    kinds[kind] = (kinds[kind] ?? 0) + 1
  }
  // Who just joined does not yet, and an older build never does.
  if (kinds['standby'] === 1 && (kinds['member'] ?? 0) > 1) delete kinds['standby']
  return kinds
}
