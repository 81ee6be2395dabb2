import { open } from 'tutti'

const migrations = [
  {
    name: 'tune',
    sql: 'create table tune (title text collate folk, slug as (slug(title)) unique)',
  },
]
const at = (functions) => open({ user: 'plain', storage: ['opfs'], migrations, functions, syncReads: true })
window.openDatabase = async () => {
  window.db = await at(new URL('./functions.js?no-inline', import.meta.url))
}
window.openOther = () =>
  at('/missing.js').then(
    () => 'opened',
    (error) => error.code,
  )
window.openMissing = () =>
  open({ user: 'other', functions: '/missing.js' }).then(
    () => 'opened',
    (error) => error.code,
  )
