import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { vite } from '../harness/bundlers.ts'
import { allExamples, type Example, exampleAt, writeFiles } from '../harness/documents.ts'
import { faultlessTest as test } from '../harness/faultless-test.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { addTune } from '../harness/tunes-app.ts'
import { client, firstLines, guideApp, shown } from './examples.ts'
import { guides, stage } from './guides.ts'

const page = '<!doctype html><title>A page</title><body><script type="module" src="/main.ts"></script>'

let library: PackedLibrary
let examples: readonly Example[]

beforeAll(async () => {
  library = await packLibrary()
  examples = await allExamples()
})

afterAll(() => library.dispose())

test('P1 the README’s first lines run as they stand: what one tab writes, the other shows', async ({
  launch,
}) => {
  const lines = exampleAt(examples, firstLines).code.trimEnd().split('\n')
  expect(lines.length).toBeLessThanOrEqual(15)
  const folder = await library.install()
  await writeFiles(folder, { 'index.html': page, 'main.ts': lines.join('\n') })
  const served = await vite(folder)
  const browser = await launch()
  const one = await browser.newTab(served.url)
  await expect.poll(() => one.innerText('body')).toBe('The Kesh')
  await browser.newTab(served.url)
  await expect.poll(() => one.innerText('body')).toBe('The Kesh, The Kesh')
  await served.close()
})

test('P1 P2 P9 the guide’s app works as it is written: add, reload, a second tab, the debug page', async ({
  launch,
}) => {
  const files = guideApp.map((place) => exampleAt(examples, place))
  const app = Object.fromEntries(files.map(({ file, code }) => [file, code]))
  const folder = await library.install()
  await writeFiles(folder, app)
  const served = await vite(folder)
  const browser = await launch()
  const one = await browser.newTab(served.url)
  await addTune(one, 'The Kesh')
  await expectItems(one, ['The Kesh'])
  await one.reload()
  await expectItems(one, ['The Kesh'])
  const two = await browser.newTab(served.url)
  await expectItems(two, ['The Kesh'])
  await addTune(two, 'Banish Misfortune')
  await expectItems(one, ['Banish Misfortune', 'The Kesh'])
  const [debug] = await Promise.all([browser.context.waitForEvent('page'), two.click('a')])
  await expect.poll(() => debug.getByTestId('who-role').innerText()).toMatch(/primary|replica/)
  await one.close()
  await addTune(two, 'Whiskey Before Breakfast')
  await expectItems(two, ['Banish Misfortune', 'The Kesh', 'Whiskey Before Breakfast'])
  await served.close()
})

test('P8 the module that replaces a sql.js app’s opens, keeps, closes and clears', async ({ launch }) => {
  const folder = await library.install()
  const main = "import * as client from './client.ts'\nwindow.client = client"
  await writeFiles(folder, {
    'index.html': page,
    'client.ts': exampleAt(examples, client).code,
    'main.ts': main,
  })
  const served = await vite(folder)
  const tab = await (await launch()).newTab(served.url)
  const seen = await tab.evaluate(`(async () => {
    const { initializeDb, getDb, persistDb, closeDb, clearDb } = window.client
    const counts = []
    const count = async () => counts.push((await (await getDb()).get('select count(*) as n from tune')).n)
    await initializeDb('u-9002')
    await (await getDb()).run("insert into tune values ('The Kesh')")
    await persistDb()
    await count()
    await closeDb()
    await initializeDb('u-9002')
    await count()
    await clearDb()
    await initializeDb('u-9002')
    await count()
    return counts
  })()`)
  expect(seen).toEqual([1, 1, 0])
  await served.close()
})

test.for(guides)(
  'P1.5 the first example of $document runs as it stands: the button in one tab, and both lists grow; so do the others',
  async ({ document, first, file, plugin, main = '', parts }, { launch }) => {
    const folder = await library.install()
    await writeFiles(folder, {
      'index.html': page.replace('main.ts', main === '' ? file : 'main.ts'),
      'vite.config.js': configOf(plugin, ['index.html', ...parts.map((part) => `${part.file}.html`)]),
      'main.ts': main,
      // The house's own would be found, which leaves JSX to others.
      'tsconfig.json': JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }),
      [file]: exampleAt(examples, { document, words: first }).code,
      'stage.ts': stage,
    })
    for (const part of parts) {
      const { code } = exampleAt(examples, { document, words: part.words })
      await writeFiles(folder, {
        [part.file]: part.named === undefined ? code : `${code}\nexport { ${part.named} }`,
        [`${part.file}.html`]: page.replace('main.ts', `${part.file}.main.ts`),
        [`${part.file}.main.ts`]: part.main,
      })
    }
    const served = await vite(folder)
    const browser = await launch()
    const tabs = [await browser.newTab(served.url), await browser.newTab(served.url)] as const
    const [one, two] = tabs
    for (const tab of tabs) await expect.poll(() => tab.innerText('body')).not.toContain('Loading')
    await one.click('button')
    for (const tab of tabs) await expectItems(tab, ['The Kesh'])
    await two.click('button')
    for (const tab of tabs) await expectItems(tab, ['The Kesh', 'The Kesh'])
    for (const part of parts) {
      await two.goto(`${served.url}/${part.file}.html`)
      await expect.poll(() => two.innerText('body'), part.words).toContain(part.shows)
    }
    await served.close()
  },
)

test.for(shown)('the guide shows $file of the $app app as it is tested', async ({ file, app, ...place }) => {
  const tested = await readFile(join(root, 'e2e/packaging', app, file), 'utf8')
  expect(unindented(tested)).toContain(unindented(exampleAt(examples, place).code))
})

function configOf(plugin: string | undefined, input: readonly string[]): string {
  const build = `build: { rolldownOptions: { input: ${JSON.stringify(input)} } }`
  if (plugin === undefined) return `export default { ${build} }`
  const named = plugin.includes('svelte') ? '{ svelte as plugin }' : 'plugin'
  const options = plugin.includes('svelte') ? '{ configFile: false }' : ''
  return `import ${named} from '${plugin}'\nexport default { plugins: [plugin(${options})], ${build} }`
}

/** A piece of a page may stand deeper in it. */
function unindented(text: string): string {
  return text.replaceAll(/^ +/gm, '')
}

function expectItems(tab: Page, items: readonly string[]): Promise<void> {
  return expect.poll(() => tab.locator('li').allTextContents()).toEqual(items)
}
