import { type Site, servePractice } from './serve.ts'
import { test } from './test.ts'

/** The house's `test`, and the built Practice app served for the tests of one file. */
export const practiceTest = test.extend<{ readonly practice: Site }>({
  practice: [
    // oxlint-disable-next-line no-empty-pattern -- vitest reads the names of what a fixture needs out of this pattern
    async ({}, use) => {
      const site = await servePractice()
      await use(site)
      await site.close()
    },
    { scope: 'file' },
  ],
})
