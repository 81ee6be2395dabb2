import { useLiveQuery } from 'tutti/vue'
import { h, onMounted, shallowRef } from 'vue'
import { openTunes, SQL } from './tunes.js'

export const VueList = {
  setup() {
    const db = shallowRef()
    onMounted(async () => {
      db.value = await openTunes()
    })
    const { rows, pending } = useLiveQuery(db, SQL)
    const items = () => rows.value?.map(({ title }) => h('li', { key: title }, title))
    return () => h('section', pending.value ? 'loading' : [h('ul', items())])
  },
}
