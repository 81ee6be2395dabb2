import { open } from 'tutti'

export const SQL = 'select title from tune order by title'

let opening

/** The database, which is opened by the first that asks: in a browser, once the page has been drawn. */
export function openTunes() {
  opening ??= open({
    user: 'u-9002',
    migrations: [{ name: '1 tune', sql: 'create table tune (title text primary key) strict' }],
  })
  return opening
}
