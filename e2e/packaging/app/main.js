import { open } from 'tutti'

const db = await open({
  user: 'u-9002',
  migrations: [{ name: '1 tune', sql: 'create table tune (title text primary key) strict' }],
})

db.live('select title from tune order by title').subscribe((tunes) => {
  document.querySelector('#tunes').textContent = tunes.map(({ title }) => title).join(', ')
})

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const { value } = event.target.elements.title
  // One at a time for no reason but that its code is a file that is loaded when it is called for.
  await db.runExclusive('add', () => db.run('insert into tune values (?)', [value]))
  event.target.reset()
})

document.querySelector('button').disabled = false
