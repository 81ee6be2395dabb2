import { mountReact } from './react-list.ts'
import { mountSolid } from './solid-list.tsx'
import { mountSvelte } from './svelte-list.ts'
import type { Mount } from './tune.ts'
import { mountVue } from './vue-list.ts'

const mounts: readonly [string, Mount][] = [
  ['solid', mountSolid],
  ['react', mountReact],
  ['vue', mountVue],
  ['svelte', mountSvelte],
]
const lists = mounts.flatMap(([id, mount]) => {
  const element = document.getElementById(id)
  return element === null ? [] : [mount(element)]
})

window.tutti = await import('tutti')
window.open_ = async (options) => {
  window.db = await window.tutti.open(options)
  for (const give of lists) give(window.db)
  return window.db.version
}
document.body.dataset['ready'] = 'true'
