import { createElement, StrictMode, Suspense, useEffect, useState } from 'react'
import { useLiveQuery, useSuspenseLiveQuery } from 'tutti/react'
import { openTunes, SQL } from './tunes.js'

function List() {
  const [db, setDb] = useState()
  useEffect(() => void openTunes().then(setDb), [])
  const { rows = [], isPending } = useLiveQuery(db, SQL)
  const items = rows.map(({ title }) => createElement('li', { key: title }, title))
  return createElement('section', null, isPending ? 'loading' : createElement('ul', null, items))
}

function SuspendingList() {
  const [db, setDb] = useState()
  useEffect(() => void openTunes().then(setDb), [])
  return createElement(
    Suspense,
    { fallback: createElement('section', null, 'loading') },
    createElement(Suspending, { db }),
  )
}

function Suspending({ db }) {
  const rows = useSuspenseLiveQuery(db, SQL)
  return createElement(
    'section',
    null,
    createElement(
      'ul',
      null,
      rows.map(({ title }) => createElement('li', { key: title }, title)),
    ),
  )
}

export const suspendingList = createElement(StrictMode, null, createElement(SuspendingList))
export const reactList = createElement(StrictMode, null, createElement(List))
