'use client'

import { useEffect, useState } from 'react'
import { open } from 'tutti'

const migrations = [{ name: '1 tune', sql: 'create table tune (title text primary key) strict' }]

export function Tunes() {
  const [db, setDb] = useState()
  const [tunes, setTunes] = useState([])

  useEffect(() => {
    const opening = open({ user: 'u-9002', migrations })
    void opening.then((opened) => {
      opened.live('select title from tune order by title').subscribe(setTunes)
      setDb(opened)
    })
    return () => void opening.then((opened) => opened.close())
  }, [])

  async function add(form) {
    await db.run('insert into tune values (?)', [form.get('title')])
  }

  return (
    <>
      <form action={add}>
        <input name="title" />
        <button disabled={db === undefined}>Add</button>
      </form>
      <p id="tunes">{tunes.map(({ title }) => title).join(', ')}</p>
    </>
  )
}
