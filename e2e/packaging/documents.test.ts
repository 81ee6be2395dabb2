import { cp, mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { documents, fencesOf as fencesIn, filesOf } from '../../scripts/check-fences.mjs'
import { root } from '../../scripts/run.mjs'
import { serve } from '../../scripts/serve.mjs'
import type { TestBrowser } from '../harness/browser.ts'
import { vite } from '../harness/bundlers.ts'
import { fencesOf, writeFiles } from '../harness/documents.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { test as base } from '../harness/test.ts'
import { addTune } from '../harness/tunes-app.ts'
import { uncaughtIn } from '../harness/uncaught.ts'

const page = '<!doctype html><title>A page</title><body><script type="module" src="/main.ts"></script>'

/** The house's test, which fails where an error was left uncaught in a page. */
const test = base.extend({
  launch: async ({ launch }, use) => {
    const launched: TestBrowser[] = []
    await use(async (options) => {
      const browser = await launch(options)
      launched.push(browser)
      return browser
    })
    expect(launched.flatMap(uncaughtIn)).toEqual([])
  },
})

let library: PackedLibrary

beforeAll(async () => {
  library = await packLibrary()
})

afterAll(() => library.dispose())

test('P1 the README’s first lines run as they stand: what one tab writes, the other shows', async ({
  launch,
}) => {
  const [hello] = await fencesOf('README.md')
  const lines = hello?.code.trimEnd().split('\n') ?? []
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
  const named = (await fencesOf('docs/getting-started.md')).flatMap(({ file, code }) =>
    file === undefined ? [] : [[file, code] as const],
  )
  // Those after the app's belong to other tools, and may have the same names.
  const app = Object.fromEntries(named.slice(0, 6))
  expect(Object.keys(app)).toEqual([
    'db.ts',
    'index.html',
    'main.ts',
    'debug.html',
    'debug.ts',
    'vite.config.js',
  ])
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
  const client = (await fencesOf('docs/sqljs.md')).find(({ file }) => file === 'client.ts')
  const folder = await library.install()
  const main = "import * as client from './client.ts'\nwindow.client = client"
  await writeFiles(folder, { 'index.html': page, 'client.ts': client?.code ?? '', 'main.ts': main })
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

/** A page of a framework’s guide, what Vite needs for it, and how its first example gets onto the page. */
const guides: readonly { guide: string; file: string; plugin?: string; main?: string }[] = [
  { guide: 'docs/react.md', file: 'main.tsx' },
  { guide: 'docs/solid.md', file: 'main.tsx', plugin: 'vite-plugin-solid' },
  {
    guide: 'docs/vue.md',
    file: 'App.vue',
    plugin: '@vitejs/plugin-vue',
    main: "import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount(document.body)",
  },
  {
    guide: 'docs/svelte.md',
    file: 'App.svelte',
    plugin: '@sveltejs/vite-plugin-svelte',
    main: "import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.body })",
  },
]

test.for(guides)(
  'P1.5 the first example of $guide runs as it stands: the button in one tab, and both lists grow',
  async ({ guide, file, plugin, main = '' }, { launch }) => {
    const [example] = fencesIn(await readFile(join(root, guide), 'utf8')).filter(
      ({ language }) => language !== 'sh',
    )
    const folder = await library.install()
    await writeFiles(folder, {
      'index.html': page.replace('main.ts', main === '' ? file : 'main.ts'),
      'vite.config.js': plugin === undefined ? 'export default {}' : configWith(plugin),
      'main.ts': main,
      // The house's own would be found, which leaves JSX to others.
      'tsconfig.json': JSON.stringify({ compilerOptions: { jsx: 'react-jsx' } }),
      [file]: example?.code ?? '',
    })
    const served = await vite(folder)
    const browser = await launch()
    const tabs = [await browser.newTab(served.url), await browser.newTab(served.url)] as const
    const [one, two] = tabs
    for (const tab of tabs) await expect.poll(() => tab.innerText('body')).not.toContain('Loading')
    await one.click('button')
    for (const tab of tabs) await expectItems(tab, ['The Kesh'])
    await two.click('button')
    for (const tab of tabs) await expectItems(tab, ['The Kesh', 'The Kesh'])
    await served.close()
  },
)

test('every example that opens a database runs to its end, in a browser that has seen none', async ({
  launch,
}) => {
  const folder = await library.install()
  // What drizzle-kit would have written.
  await cp(join(root, 'e2e/fixture/drizzle'), join(folder, 'docs-drizzle-md/drizzle'), { recursive: true })
  const pages: string[] = []
  for (const document of await documents()) {
    const files = filesOf(await readFile(join(root, document), 'utf8'), ({ component }) => !component)
    const own = document.replaceAll(/\W/g, '-')
    await mkdir(join(folder, own), { recursive: true })
    await writeFiles(join(folder, own), { ...(await scriptsOf(document)), ...Object.fromEntries(files) })
    for (const [file, code] of files) {
      if (!code.includes('await open(')) continue
      const name = `${own}-${file}`
      await writeFiles(folder, {
        [name]: `import './${own}/${file}'\ndocument.title = 'It ran'`,
        [`${name}.html`]: page.replace('main.ts', name),
      })
      pages.push(`${name}.html`)
    }
  }
  expect(pages.length).toBeGreaterThan(7)
  const config = { build: { rolldownOptions: { input: pages } } }
  await writeFiles(folder, { 'vite.config.js': `export default ${JSON.stringify(config)}` })
  const built = await vite(folder)
  const browser = await launch()
  for (const each of pages) {
    // They share users, and not migrations: a port is an origin, with databases of its own.
    const served = await serve(join(folder, 'dist'))
    const tab = await browser.newTab(`${served.url}/${each}`)
    await expect.poll(() => tab.title(), each).toBe('It ran')
    await tab.close()
    await served.close()
  }
  await built.close()
})

const shown: readonly (readonly [file: string, of: string])[] = [
  ['webpack.config.js', 'webpack'],
  ['app/tunes.jsx', 'nextjs'],
  ['build.mjs', 'esbuild'],
  ['public/sw.js', 'pwa'],
  ['vite.config.js', 'pwa'],
  ['register.js', 'pwa'],
]

test.for(shown)('the guide shows %s of the %s app as it is tested', async ([file, app]) => {
  const fences = await fencesOf('docs/getting-started.md')
  const texts = fences.filter((fence) => fence.file === file).map(({ code }) => code)
  expect(texts).toContain(await readFile(join(root, 'e2e/packaging', app, file), 'utf8'))
})

function configWith(plugin: string): string {
  const named = plugin.includes('svelte') ? '{ svelte as plugin }' : 'plugin'
  const options = plugin.includes('svelte') ? '{ configFile: false }' : ''
  return `import ${named} from '${plugin}'\nexport default { plugins: [plugin(${options})] }`
}

/** What an example has beside it that is not compiled. */
async function scriptsOf(document: string): Promise<Record<string, string>> {
  const fences = await fencesOf(document)
  return Object.fromEntries(
    fences.flatMap(({ file, code }) => (file !== undefined && /^\w+\.js$/.test(file) ? [[file, code]] : [])),
  )
}

function expectItems(tab: Page, items: readonly string[]): Promise<void> {
  return expect.poll(() => tab.locator('li').allTextContents()).toEqual(items)
}
