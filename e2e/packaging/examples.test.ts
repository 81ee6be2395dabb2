import { cp, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, expect } from 'vitest'
import { root } from '../../scripts/run.mjs'
import { vite } from '../harness/bundlers.ts'
import { allExamples, type Example, exampleAt, writeFiles } from '../harness/documents.ts'
import { faultlessTest as test } from '../harness/faultless-test.ts'
import { type PackedLibrary, packLibrary } from '../harness/installed-app.ts'
import { serveAndKeep } from '../harness/serve-and-keep.ts'
import { client, guideApp, type Hint, hints, notRun, notToBeRun, shown } from './examples.ts'
import { guides } from './guides.ts'

/** Examples of one document that are run one after the other, in a page of their own. */
interface Program {
  readonly before?: string | undefined
  readonly examples: Example[]
}

const opens = /\bopen\(\{/

let library: PackedLibrary
let examples: readonly Example[]

beforeAll(async () => {
  library = await packLibrary()
  examples = await allExamples()
})

afterAll(() => library.dispose())

test('every code fence is run, as a part of its page, an app or a component, or nothing of its kind can be', () => {
  const ways = [
    runByOtherTests(),
    programs().flatMap((program) => program.examples),
    notToBeRun.map((place) => exampleAt(examples, place)),
    examples.filter(({ language }) => notRun.has(language)),
  ]
  const treated = new Set(ways.flat())
  const forgotten = examples.filter((example) => !treated.has(example))
  expect(forgotten.map(({ document, n, code }) => `${document} ${n}:\n${code}`)).toEqual([])
  for (const hint of hints) exampleAt(examples, hint)
})

test('every page’s examples run in their order to their end, in a browser that has seen none', async ({
  launch,
}) => {
  const folder = await library.install()
  for (const example of programs().flatMap((program) => program.examples)) {
    const { document, file, code } = example
    // What an example of a page has opened, later ones use.
    const given = /^(?:export )?const db\b/m.test(code) ? 'globalThis.db = db' : ''
    const lines = [code, given, hintFor(example)?.after ?? '', 'export {}']
    await mkdir(join(folder, slug(document)), { recursive: true })
    await writeFiles(join(folder, slug(document)), { [file]: lines.join('\n') })
  }
  await cp(join(root, 'e2e/packaging/drizzle'), join(folder, slug('docs/drizzle.md'), 'drizzle'), {
    recursive: true,
  })
  const pages = programs().map((program, index) => ({ ...program, name: `program-${index + 1}` }))
  for (const { name, ...program } of pages) {
    await writeFiles(folder, {
      [`${name}.html`]: `<!doctype html><title>Running</title><body><script type="module" src="/${name}.ts"></script>`,
      [`${name}.ts`]: scriptOf(program),
    })
  }
  const input = pages.map(({ name }) => `${name}.html`)
  const config = { build: { rolldownOptions: { input } } }
  await writeFiles(folder, { 'vite.config.js': `export default ${JSON.stringify(config)}` })
  const built = await vite(folder)
  const browser = await launch()
  for (const { name, examples: inIt } of pages) {
    // They share users, and not migrations: a port is an origin, with databases of its own.
    const served = await serveAndKeep(join(folder, 'dist'))
    const tab = await browser.context.newPage()
    const logged: string[] = []
    tab.on('console', (message) => logged.push(message.text()))
    await tab.goto(`${served.url}/${name}.html`)
    await expect.poll(() => tab.title(), namesOf(inIt)).toBe('It ran')
    for (const example of inIt) {
      const logs = hintFor(example)?.logs
      if (logs !== undefined) await expect.poll(() => logged, namesOf(inIt)).toContain(logs)
    }
    await tab.close()
    await served.close()
  }
  await built.close()
})

/** A page's examples, from one that opens a database, or is given one, to before the next such. */
function programs(): Program[] {
  const elsewhere = new Set([...runByOtherTests(), ...notToBeRun.map((place) => exampleAt(examples, place))])
  const run = examples.filter((example) => /^[tj]s$/.test(example.language) && !elsewhere.has(example))
  const all: Program[] = []
  let last: Program | undefined
  for (const example of run) {
    const { document, code } = example
    const before = hintFor(example)?.before
    const another = last?.examples[0]?.document !== document
    const begins = before !== undefined || (opens.test(code) && (last === undefined || hasDatabase(last)))
    if (last === undefined || another || begins) all.push((last = { before, examples: [] }))
    last.examples.push(example)
  }
  return all
}

function hasDatabase(program: Program): boolean {
  return program.before !== undefined || program.examples.some(({ code }) => opens.test(code))
}

function scriptOf(program: Program): string {
  const stage = { user: 'u-1', migrations: [{ name: 'stage', sql: program.before ?? '' }] }
  return [
    "import { open } from 'tutti'",
    program.before === undefined ? '' : `globalThis.db = await open(${JSON.stringify(stage)})`,
    ...program.examples.map((example) => {
      const wait = hintFor(example)?.logs === undefined ? 'await' : 'void'
      return `${wait} import('./${slug(example.document)}/${example.file}')`
    }),
    "document.title = 'It ran'",
  ].join('\n')
}

function runByOtherTests(): Example[] {
  const components = guides.flatMap(({ document, first, parts }) =>
    [first, ...parts.map(({ words }) => words)].map((words) => ({ document, words })),
  )
  return [...guideApp, client, ...shown, ...components].map((place) => exampleAt(examples, place))
}

function hintFor({ document, code }: Example): Hint | undefined {
  return hints.find((hint) => hint.document === document && code.includes(hint.words))
}

function namesOf(inIt: readonly Example[]): string {
  return inIt.map(({ document, n }) => `${document} ${n}`).join(', ')
}

function slug(document: string): string {
  return document.replaceAll(/\W/g, '-')
}
