import { mount } from 'svelte'
import type { Database } from 'tutti'
import SvelteList from './SvelteList.svelte'
import type { Mount } from './tune.ts'

export const mountSvelte: Mount = (target) => {
  const list = mount(SvelteList, { target }) as { give(db: Database): void }
  return (db) => list.give(db)
}
