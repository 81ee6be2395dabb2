import type { Place } from '../harness/documents.ts'

/** Languages of which nothing can be run, and why. */
export const notRun: ReadonlyMap<string, string> = new Map([
  ['', 'a drawing, a tree of folders or an HTTP header'],
  [
    'sh',
    'installs packages, or runs whole suites; that each command is there is checked where it is compiled',
  ],
])

/** TypeScript that cannot be run, and why. */
export const notToBeRun: readonly (Place & { readonly because: string })[] = [
  {
    document: 'docs/drizzle.md',
    words: 'declare const journal',
    because: 'what it works on is only declared: a server has sent it',
  },
]

const guide = 'docs/getting-started.md'

/** The README's first lines, which have to run as they stand. */
export const firstLines: Place = { document: 'README.md', words: 'in every tab, at once' }

/** The app of the guide: its files. */
export const guideApp: readonly Place[] = [
  { document: guide, words: 'db.ts\n' },
  { document: guide, words: 'index.html\n' },
  { document: guide, words: 'main.ts\n' },
  { document: guide, words: 'debug.html\n' },
  { document: guide, words: 'debug.ts\n' },
  { document: guide, words: "input: ['index.html'" },
]

/** The module in the place of a sql.js app's, which a test calls. */
export const client: Place = { document: 'docs/sqljs.md', words: 'client.ts\n' }

/** Files of apps beside this file, which are run by other tests: the guide shows them as they are there. */
export const shown: readonly (Place & { readonly file: string; readonly app: string })[] = [
  { document: guide, words: 'webpack.config.js\n', file: 'webpack.config.js', app: 'webpack' },
  { document: guide, words: 'app/tunes.jsx\n', file: 'app/tunes.jsx', app: 'nextjs' },
  { document: guide, words: 'build.mjs\n', file: 'build.mjs', app: 'esbuild' },
  { document: guide, words: 'importmap', file: 'index.html', app: 'no-bundler' },
  { document: guide, words: 'public/sw.js\n', file: 'public/sw.js', app: 'pwa' },
  { document: guide, words: 'listFiles', file: 'vite.config.js', app: 'pwa' },
  { document: guide, words: 'register.js\n', file: 'register.js', app: 'pwa' },
]

/** What an example takes for granted, or leaves open. Those that have neither are run as they stand. */
export interface Hint extends Place {
  /** SQL that makes what it works on: it begins a program of its own, with a `db` in which this has run. */
  readonly before?: string
  /** Code that is put behind it: it calls what the example defines, or waits for what it began. */
  readonly after?: string
  /** It has no end: it has run when it has logged this. */
  readonly logs?: string
}

export const hints: readonly Hint[] = [
  {
    document: 'README.md',
    words: 'const left = await db.transaction',
    before: `create table tune (title text); create table account (balance integer);
      create table stock (id integer primary key, n integer); insert into stock values (7, 3)`,
  },
  {
    document: 'docs/consistency.md',
    words: 'const [tunes, total] = await db.batch',
    before: 'create table tune (id text, title text, plays integer); create table account (balance integer)',
  },
  { document: 'docs/drizzle.md', words: 'for await (const tunes of orm.live(', logs: '1' },
  {
    document: 'docs/large-data.md',
    words: 'async function copyAll',
    after: `await db.exec("insert into log (text) values ('a'), ('b')")
      const copied = []
      await copyAll(async (id, text) => void copied.push(id, text))
      if (String(copied) !== '1,a,2,b') throw new Error('copied: ' + copied)`,
  },
  { document: 'docs/live-queries.md', words: 'for await (const tunes of live)', logs: '1' },
  {
    document: 'docs/run-exclusive.md',
    words: 'while (!signal.aborted)',
    after: `await db.run("insert into outbox values ('1', 'hello')")
      for await (const rows of db.live('select * from outbox')) if (rows.length === 0) break`,
  },
  {
    document: 'docs/run-exclusive.md',
    words: 'create table if not exists sync_turn',
    before: 'create table outbox (id text primary key, body text)',
    after: `for await (const [row] of db.live('select * from outbox')) if (row?.id === 'cursor') break`,
  },
]
