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
  await db.run('insert into tune values (?)', [event.target.elements.title.value])
  event.target.reset()
})

document.querySelector('button').disabled = false
