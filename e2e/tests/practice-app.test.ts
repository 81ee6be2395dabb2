import { describe, expect } from 'vitest'
import { membersOf, openDebug, runSql } from '../harness/debug-page.ts'
import {
  answer,
  expectQueue,
  expectStaged,
  fullRepertoire,
  openSignIn,
  openToday,
  shortSet,
  signIn,
} from '../harness/practice.ts'
import { practiceTest as test } from '../harness/practice-test.ts'

describe('Practice', () => {
  test('P1 can be used by keyboard alone, from signing in to Submit, and another tab follows', async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const tab = await openSignIn(browser, practice)
    const focused = (): Promise<string> =>
      tab.evaluate(() => document.activeElement?.getAttribute('data-testid') ?? '')
    const press = async (key: string): Promise<string> => {
      await tab.keyboard.press(key)
      return focused()
    }
    const tabTo = async (testId: string): Promise<void> => {
      for (let presses = 0; presses < 20; presses++) if ((await press('Tab')) === testId) return
      expect(await focused()).toBe(testId)
    }
    const ringed = (): Promise<boolean> =>
      tab.evaluate(() => document.activeElement?.matches(':focus-visible') ?? false)

    await tabTo(`sign-in-${shortSet.user}`)
    expect(await ringed()).toBe(true)
    await press('Enter')
    await expectQueue(tab, 3)
    const other = await openToday(browser, practice, 3)
    await tab.bringToFront()

    await tabTo('rate-again')
    expect(await press('3')).toBe('rate-good')
    await expectStaged(tab, 1)
    expect(await answer(tab, 0, 'good').isChecked()).toBe(true)
    await press('j')
    expect(await press('1')).toBe('rate-again')
    await expectStaged(other, 2)
    expect(await press('ArrowRight')).toBe('rate-hard')
    await expect.poll(() => answer(other, 1, 'hard').isChecked()).toBe(true)
    await press('k')
    await press('Backspace')
    await expectStaged(other, 1)
    await expect.poll(() => answer(other, 0, 'good').isChecked()).toBe(false)
    await press('j')
    await press('Control+Enter')
    for (const each of [tab, other]) {
      await expectStaged(each, 0)
      await expect.poll(() => each.locator('.queue-done').count()).toBe(1)
    }
    await tabTo('undo')
    await press('Enter')
    await expectStaged(other, 1)
  })

  test('P1 a tune added to the playlist in one tab is marked in the other, and reaches its queue', async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const a = await signIn(browser, practice, shortSet)
    const b = await openToday(browser, practice, 3)
    for (const tab of [a, b]) {
      await tab.bringToFront()
      await tab.getByRole('link', { name: 'Catalog' }).click()
      await tab.getByTestId('catalog-search').fill('musical priest')
      await tab.getByTestId('add-to-playlist').waitFor()
    }
    expect(await b.getByTestId('tune-row').count()).toBe(1)
    await a.bringToFront()
    await a.getByTestId('add-to-playlist').click()
    await b.getByTestId('in-playlist').waitFor()

    await b.bringToFront()
    await b.getByRole('link', { name: 'Today' }).click()
    await expectQueue(b, 3)
    await b.getByTestId('add-more').click()
    await expectQueue(b, 4)
    expect(await b.getByTestId('queue-row').last().innerText()).toContain('The Musical Priest')
  })

  test('P8 users do not mix: a change of user in one tab is followed by the other, and each has their own rows', async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const a = await signIn(browser, practice, shortSet)
    const b = await openToday(browser, practice, shortSet.queue)
    const debug = await openDebug(a)
    await expect.poll(async () => (await membersOf(debug)).length).toBe(3)

    await a.bringToFront()
    await a.getByTestId('sign-out').click()
    for (const tab of [b, debug]) await tab.getByText('Who is playing?').waitFor()
    expect(await debug.locator('tutti-inspector').count()).toBe(0)

    await a.getByTestId(`sign-in-${fullRepertoire.user}`).click()
    for (const tab of [a, b]) await expectQueue(tab, fullRepertoire.queue)
    await expect.poll(() => debug.getByTestId('who-user').innerText()).toBe(fullRepertoire.user)
    await expect.poll(async () => (await membersOf(debug)).length).toBe(3)
    const users = await runSql(debug, 'select distinct user_ref from daily_practice_queue')
    expect(users.rows).toEqual([[fullRepertoire.user]])
  })

  test('P8 whoever is signed in is taken to today’s tunes, never shown the sign-in page on the way', async ({
    launch,
    practice,
  }) => {
    const browser = await launch()
    const a = await openSignIn(browser, practice)
    const b = await openSignIn(browser, practice)
    const pages = (): Promise<number> => a.evaluate(() => history.length)
    const before = await pages()
    await a.bringToFront()
    await a.getByTestId(`sign-in-${shortSet.user}`).click()
    for (const tab of [a, b]) await expectQueue(tab, shortSet.queue)
    // Back leads to what was before, and not to a page that leads here.
    expect(await pages()).toBe(before)

    await browser.context.addInitScript(() => {
      window.headings = []
      new MutationObserver(() => {
        for (const { textContent } of document.querySelectorAll('h1, h2')) window.headings.push(textContent)
      }).observe(document, { childList: true, subtree: true })
    })
    const c = await browser.newTab(practice.url)
    await expectQueue(c, shortSet.queue)
    expect(new URL(c.url()).pathname).toBe('/practice')
    const headings = await c.evaluate(() => window.headings)
    expect(headings.length).toBeGreaterThan(0)
    for (const other of ['Who is playing?', 'There is no such page']) expect(headings).not.toContain(other)
  })

  test('P8 after everyone has signed out, no member is left behind', async ({ launch, practice }) => {
    const browser = await launch()
    const a = await signIn(browser, practice, shortSet)
    const b = await openToday(browser, practice, shortSet.queue)
    await a.bringToFront()
    await a.getByTestId('sign-out').click()
    await b.getByText('Who is playing?').waitFor()
    await expect
      .poll(() => a.evaluate(async () => (await navigator.locks.query()).held?.map(({ name }) => name)), {
        timeout: 10_000,
      })
      .toEqual([])
    for (const tab of [a, b]) await expect.poll(() => tab.workers().length).toBe(0)
  })
})

declare global {
  interface Window {
    /** What a tab has shown as headings since it was opened. */
    headings: string[]
  }
}
