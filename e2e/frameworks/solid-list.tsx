/** @jsxImportSource solid-js */
import { asc } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { createSignal, For, Suspense } from 'solid-js'
import { render } from 'solid-js/web'
import type { Database } from 'tutti'
import { drizzle } from 'tutti/drizzle'
import { createLiveQuery } from 'tutti/solid'
import type { Mount } from './tune.ts'

const tune = sqliteTable('tune', { id: integer().primaryKey(), title: text().notNull() })

export const mountSolid: Mount = (element) => {
  const [db, setDb] = createSignal<Database>()
  function List() {
    const tunes = createLiveQuery(() => {
      const client = db()
      if (client === undefined) return undefined
      const orm = drizzle(client)
      return orm.live(orm.select().from(tune).orderBy(asc(tune.title)))
    })
    return <For each={tunes()}>{({ title }) => <li>{title}</li>}</For>
  }
  render(
    () => (
      <Suspense fallback="loading">
        <List />
      </Suspense>
    ),
    element,
  )
  return setDb
}
