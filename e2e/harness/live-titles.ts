import type { Page } from 'playwright-core'
import { expect } from 'vitest'

/** The table whose titles {@link followTitles} follows. */
export const tunes = [
  {
    name: 'tune',
    sql: 'create table tune (id integer primary key, title text, plays integer not null default 0)',
  },
]

/** Follows all titles, as `window.live`. */
export async function followTitles(tab: Page): Promise<void> {
  await tab.evaluate(() => {
    window.live = { results: [], origins: [], versions: [], errors: [], kept: [], stop: () => undefined }
    let last: readonly { title: string }[] = []
    window.live.stop = window.db.live<{ title: string }>('select id, title from tune order by id').subscribe(
      (rows, { version, origin, cause }) => {
        window.live.results.push(rows.map(({ title }) => title))
        window.live.origins.push(cause === undefined ? origin : `${origin} ${cause}`)
        window.live.versions.push(version)
        window.live.kept.push(rows.filter((row) => last.includes(row)).length)
        last = rows
      },
      (error) => window.live.errors.push(String(error)),
    )
  })
}

/** The titles that a tab shows, as something to expect of. */
export function titlesOf(tab: Page) {
  return expect.poll(() => tab.evaluate(() => window.live.results.at(-1)), { timeout: 20_000 })
}

/** Everything that its followed query told. */
export function toldTo(tab: Page): Promise<Omit<Window['live'], 'stop'>> {
  return tab.evaluate(() => {
    const { results, origins, versions, errors, kept } = window.live
    return { results, origins, versions, errors, kept }
  })
}
