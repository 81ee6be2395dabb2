import { afterAll, beforeAll, expect } from 'vitest'
import { vite, viteDev } from '../harness/bundlers.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { test } from '../harness/test.ts'

let library: PackedLibrary

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

test.for([
  ['served', viteDev],
  ['built', vite],
] as const)(
  'P1.7 %s: the workers of each tab import the app’s functions, for reads, writes and the next primary',
  async ([, bundler], { launch }) => {
    const served = await bundler(await library.install('functions'))
    try {
      const browser = await launch()
      const first = await browser.newTab(served.url)
      const second = await browser.newTab(served.url)
      for (const tab of [first, second]) {
        await tab.waitForFunction('window.openDatabase')
        await tab.evaluate('openDatabase()')
      }
      const insert = (title: string) => `db.run('insert into tune values (?)', ['${title}'])`
      await second.evaluate(insert('The Kesh'))
      await second.evaluate(insert('Banish Misfortune'))
      const read = `db.values("select title, slug(title || '!') from tune order by title")`
      const both = [
        ['Banish Misfortune', 'banish-misfortune!'],
        ['The Kesh', 'the-kesh!'],
      ]
      for (const tab of [first, second]) expect(await tab.evaluate(read)).toEqual(both)
      const here = `db.sync.values("select slug(title) from tune order by title").flat().join()`
      expect(await second.evaluate(here)).toBe('banish-misfortune,the-kesh')
      await first.close()
      await second.evaluate(insert('The Lark'))
      expect(await second.evaluate('db.values("select title from tune where slug = \'the-lark\'")')).toEqual([
        ['The Lark'],
      ])
      expect(await second.evaluate("db.values('pragma integrity_check')")).toEqual([['ok']])
      expect(await second.evaluate('openOther()')).toBe('OPTIONS_MISMATCH')
      expect(await second.evaluate('openMissing()')).toBe('FUNCTIONS_FAILED')
    } finally {
      await served.close()
    }
  },
)
