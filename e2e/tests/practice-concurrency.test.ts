import { describe, expect } from 'vitest'
import { openDebug, runSql } from '../harness/debug-page.ts'
import {
  answer,
  expectQueue,
  expectStaged,
  fullRepertoire,
  openSignIn,
  openToday,
  pressTogether,
  rate,
  signIn,
  tunesOf,
} from '../harness/practice.ts'
import { practiceTest as test } from '../harness/practice-test.ts'
import { rungs } from '../harness/rungs.ts'

const ROUNDS = 4
const COUNTS = `select
  (select count(*) from practice_submission) as submissions,
  (select count(*) from practice_record where submission_ref is not null) as records,
  (select count(distinct tune_ref) from practice_record where submission_ref is not null) as tunes,
  (select count(*) from table_transient_data) as staged,
  (select count(*) from daily_practice_queue where completed_at is not null) as completed`

for (const { rung, browser: settings } of rungs) {
  describe(`Practice on ${rung}`, () => {
    test('P1 P3 two tabs open Practice for the first time at the same moment: one database, one queue', async ({
      launch,
      practice,
    }) => {
      const browser = await launch(settings)
      const tabs = [await openSignIn(browser, practice), await openSignIn(browser, practice)]
      // The one that is pressed first may take the other along before that one's turn.
      expect(await pressTogether(tabs, `sign-in-${fullRepertoire.user}`)).toContain(true)
      for (const tab of tabs) await expectQueue(tab, fullRepertoire.queue)
      const [a, b] = tabs as [(typeof tabs)[number], (typeof tabs)[number]]
      expect(await tunesOf(b)).toEqual(await tunesOf(a))

      const debug = await openDebug(b)
      const queue = await runSql(
        debug,
        `select count(*) as n, count(distinct tune_ref) as tunes, count(distinct generated_at) as made,
           count(distinct window_start_utc) as days, max(order_index) as last
         from daily_practice_queue`,
      )
      expect(queue.rows).toEqual([['10', '10', '1', '1', '9']])
      const seeded = await runSql(
        debug,
        'select (select count(*) from playlist), (select count(*) from playlist_tune), (select count(*) from seed_mark)',
      )
      expect(seeded.rows).toEqual([['1', '30', '1']])
    })

    test('P1 P3 two tabs press Submit at once, then Undo at once: one set of practice records, taken back once', async ({
      launch,
      practice,
    }) => {
      const browser = await launch(settings)
      const a = await signIn(browser, practice, fullRepertoire)
      const b = await openToday(browser, practice, fullRepertoire.queue)
      const debug = await openDebug(a)
      for (const row of [0, 1, 2]) await rate(a, row, 'good')
      for (const row of [3, 4]) await rate(b, row, 'again')
      const tabs = [a, b]
      let together = 0
      for (let round = 1; round <= ROUNDS; round++) {
        for (const tab of tabs) await expectStaged(tab, 5)
        const submits = await pressTogether(tabs, 'submit')
        for (const tab of tabs) await expectStaged(tab, 0)
        await expect.poll(async () => (await runSql(debug, COUNTS)).rows).toEqual([['1', '5', '5', '0', '5']])
        for (const tab of tabs) {
          await expect.poll(() => tab.locator('.queue-done').count()).toBe(5)
          await expect.poll(() => tab.getByTestId('undo').isEnabled()).toBe(true)
        }

        const undos = await pressTogether(tabs, 'undo')
        for (const tab of tabs) await expectStaged(tab, 5)
        await expect.poll(async () => (await runSql(debug, COUNTS)).rows).toEqual([['0', '0', '0', '5', '0']])
        for (const tab of tabs) await expect.poll(() => tab.getByTestId('undo').isDisabled()).toBe(true)
        if ([...submits, ...undos].every(Boolean)) together += 1
      }
      expect(together).toBeGreaterThan(0)
      for (const tab of tabs) {
        await expect.poll(() => answer(tab, 0, 'good').isChecked()).toBe(true)
        await expect.poll(() => answer(tab, 4, 'again').isChecked()).toBe(true)
        expect(await tab.locator('.toast-error').count()).toBe(0)
      }
    })
  })
}
