import { createElement, StrictMode, Suspense } from 'react'
import { createRoot } from 'react-dom/client'
import type { Database } from 'tutti'
import { useSuspenseLiveQuery } from 'tutti/react'
import { type Mount, SQL, type Tune } from './tune.ts'

function List({ db }: { readonly db: Database | undefined }) {
  return useSuspenseLiveQuery<Tune>(db, SQL).map(({ id, title }) => createElement('li', { key: id }, title))
}

export const mountReact: Mount = (element) => {
  const root = createRoot(element)
  const show = (db?: Database) =>
    root.render(
      createElement(
        StrictMode,
        null,
        createElement(Suspense, { fallback: 'loading' }, createElement(List, { db })),
      ),
    )
  show()
  return show
}
