import type { Database } from 'tutti'
import { useLiveQuery } from 'tutti/vue'
import { createApp, h, shallowRef } from 'vue'
import { type Mount, SQL, type Tune } from './tune.ts'

export const mountVue: Mount = (element) => {
  const db = shallowRef<Database>()
  createApp({
    setup() {
      const { rows } = useLiveQuery<Tune>(db, SQL)
      return () => rows.value?.map(({ id, title }) => h('li', { key: id }, title)) ?? 'loading'
    },
  }).mount(element)
  return (opened) => {
    db.value = opened
  }
}
