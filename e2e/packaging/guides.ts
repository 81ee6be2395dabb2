/** What a page of a framework's guide shows first, and how each of its examples gets onto a page. */
export interface Guide {
  readonly document: string
  /** For Vite. */
  readonly plugin?: string
  /** Words of its first example, which is an app. */
  readonly first: string
  /** The file that it is, and what mounts it where it does not do that itself. */
  readonly file: string
  readonly main?: string
  /** Its other examples: components, and functions that components call. */
  readonly parts: readonly Part[]
}

export interface Part {
  /** Words of the example. */
  readonly words: string
  readonly file: string
  /** What it defines and does not export. */
  readonly named?: string
  /** Puts it onto the page. */
  readonly main: string
  /** What the page then shows. */
  readonly shows: string
}

/** What all parts are given: one tune, in a database and through Drizzle, and what to look for. */
export const stage = `import { open } from 'tutti'
import { drizzle } from 'tutti/drizzle'

const sql = \`create table tune (id integer primary key, title text not null, mode text);
  insert into tune values (1, 'The Kesh', 'Dorian')\`
export const db = await open({ user: 'u-1', migrations: [{ name: '1 tune', sql }] })
export const orm = drizzle(db)
export const mode = 'Dorian'
export const text = 'Kesh'
`

const TITLE = 'The Kesh'

const inReact = (name: string, file: string): string => `import { createElement, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import { ${name} } from './${file}'
import * as stage from './stage.ts'
createRoot(document.body).render(createElement(Suspense, {}, createElement(${name}, { ...stage })))`

const inSolid = (
  name: string,
  file: string,
): string => `import { createComponent, render } from 'solid-js/web'
import { ${name} } from './${file}'
import * as stage from './stage.ts'
render(() => createComponent(${name}, { ...stage }), document.body)`

const inVue = (call: string, file: string): string => `import { createApp, h, shallowRef } from 'vue'
import { useTunes } from './${file}'
import * as stage from './stage.ts'
createApp({
  setup() {
    const shown = ${call}
    return () => h('p', JSON.stringify(shown.value))
  },
}).mount(document.body)`

const inSvelte = (file: string): string => `import { mount } from 'svelte'
import Part from './${file}'
import * as stage from './stage.ts'
mount(Part, { target: document.body, props: { ...stage } })`

export const guides: readonly Guide[] = [
  {
    document: 'docs/react.md',
    first: 'createRoot(',
    file: 'main.tsx',
    parts: [
      {
        words: 'function Tunes({ db, mode }',
        file: 'tunes.tsx',
        named: 'Tunes',
        main: inReact('Tunes', 'tunes.tsx'),
        shows: TITLE,
      },
      {
        words: 'function Found(',
        file: 'found.tsx',
        named: 'Found',
        main: inReact('Found', 'found.tsx'),
        shows: '1 found',
      },
      {
        words: 'function Count(',
        file: 'count.tsx',
        named: 'Count',
        main: inReact('Count', 'count.tsx'),
        shows: TITLE,
      },
    ],
  },
  {
    document: 'docs/solid.md',
    plugin: 'vite-plugin-solid',
    first: 'render(',
    file: 'main.tsx',
    parts: [
      {
        words: 'tunes.latest',
        file: 'tunes.tsx',
        named: 'Tunes',
        main: inSolid('Tunes', 'tunes.tsx'),
        shows: TITLE,
      },
      {
        words: 'drizzle(props.db',
        file: 'orm.tsx',
        named: 'Tunes',
        main: inSolid('Tunes', 'orm.tsx'),
        shows: TITLE,
      },
      {
        words: 'createDatabase(',
        file: 'create-database.ts',
        main: `import { render } from 'solid-js/web'
import { createDatabase } from './create-database.ts'
globalThis.migrations = []
render(() => {
  const db = createDatabase('u-2')
  return () => db()?.user
}, document.body)`,
        shows: 'u-2',
      },
    ],
  },
  {
    document: 'docs/vue.md',
    plugin: '@vitejs/plugin-vue',
    first: '<template>',
    file: 'App.vue',
    main: "import { createApp } from 'vue'\nimport App from './App.vue'\ncreateApp(App).mount(document.body)",
    parts: [
      {
        words: 'useTunes(db: ',
        file: 'use-tunes.ts',
        main: inVue('useTunes(shallowRef(stage.db)).tunes', 'use-tunes.ts'),
        shows: TITLE,
      },
      {
        words: 'useTunes(orm: ',
        file: 'use-orm.ts',
        main: inVue('useTunes(stage.orm).rows', 'use-orm.ts'),
        shows: TITLE,
      },
    ],
  },
  {
    document: 'docs/svelte.md',
    plugin: '@sveltejs/vite-plugin-svelte',
    first: 'onMount(',
    file: 'App.svelte',
    main: "import { mount } from 'svelte'\nimport App from './App.svelte'\nmount(App, { target: document.body })",
    parts: [
      { words: "$state('Dorian')", file: 'Tunes.svelte', main: inSvelte('Tunes.svelte'), shows: TITLE },
      { words: 'orm?.live(', file: 'Orm.svelte', main: inSvelte('Orm.svelte'), shows: TITLE },
    ],
  },
]
