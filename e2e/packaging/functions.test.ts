import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { createPlainApp, type PlainApp } from '../harness/plain-app.ts'
import { test } from '../harness/test.ts'

const main = `
import { open } from 'tutti'
const migrations = [{
  name: 'tune',
  sql: 'create table tune (title text collate folk, slug as (slug(title)) unique)',
}]
const at = (functions) => open({ user: 'plain', storage: ['opfs'], migrations, functions })
window.openDatabase = async () => {
  window.db = await at(new URL('./functions.js?no-inline', import.meta.url))
}
window.openOther = () => at('/missing.js').then(() => 'opened', (error) => error.code)
window.openMissing = () =>
  open({ user: 'other', functions: '/missing.js' }).then(() => 'opened', (error) => error.code)
`

const functions = `
export default {
  functions: {
    slug: {
      args: 1,
      deterministic: true,
      call: (title) => String(title).toLowerCase().replaceAll(' ', '-'),
    },
  },
  collations: {
    folk: (a, b) => {
      const [x, y] = [a, b].map((title) => title.replace(/^The /, ''))
      return x < y ? -1 : x > y ? 1 : 0
    },
  },
}
`

let app: PlainApp

beforeAll(async () => {
  app = await createPlainApp(join(root, 'packages/tutti'), main, { 'functions.js': functions })
})

afterAll(() => app.dispose())

test.for(['dev', 'built'] as const)(
  'P1.5 %s: the workers of each tab import the app’s functions, for reads, writes and the next primary',
  async (how, { launch }) => {
    const served = await app[how]()
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
