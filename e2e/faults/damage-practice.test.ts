import { readFile } from 'node:fs/promises'
import { expect } from 'vitest'
import { findOpfsFiles, flipBytes, namedBackups } from '../harness/opfs-files.ts'
import { expectQueue, shortSet, signIn, tunesOf } from '../harness/practice.ts'
import { practiceTest as test } from '../harness/practice-test.ts'

test('R29.1 fault 18: Practice offers the backup of a damaged database, and goes on from there', {
  timeout: 180_000,
}, async ({ launch, practice }) => {
  const browser = await launch()
  const signedIn = await signIn(browser, practice, shortSet)
  const tunes = await tunesOf(signedIn)
  const files = () => findOpfsFiles(browser.profile)
  const kept = async (): Promise<boolean> => {
    if ((await namedBackups(signedIn)).length === 0) return false
    const { database, backups } = await files()
    // The queue is in the backup, and in the file as well as in the log.
    const contents = await Promise.all([database, ...backups].map((path) => readFile(path)))
    return contents.every((content) => content.includes(tunes[0] ?? 'no tune'))
  }
  await expect.poll(kept, { timeout: 60_000 }).toBe(true)
  await browser.kill()
  const { database, log } = await files()
  await flipBytes(log, [0])
  await flipBytes(database, [0])
  await browser.restart()

  const tab = await browser.newTab(practice.url)
  const notice = tab.getByTestId('damaged')
  const user = tab.getByTestId(`sign-in-${shortSet.user}`)
  await notice.or(user).waitFor({ timeout: 60_000 })
  // Who was signed in is kept by the browser, which may have been killed before it wrote that down.
  if (await user.isVisible()) await user.click()
  await notice.waitFor({ timeout: 60_000 })
  const download = tab.waitForEvent('download')
  await notice.getByText('Save the damaged file').click()
  expect((await download).suggestedFilename()).toMatch(/^corrupt-\d+\.sqlite3$/)
  await notice.getByText('Restore the backup of').click()
  await expectQueue(tab, shortSet.queue)
  expect(await tunesOf(tab)).toEqual(tunes)
})
