import { hydrateRoot } from 'react-dom/client'
import { hydrate as hydrateSolid } from 'solid-js/web'
import { hydrate as hydrateSvelte } from 'svelte'
import { createSSRApp } from 'vue'
import { reactList, suspendingList } from './react-list.js'
import SvelteList from './SvelteList.svelte'
import { SolidList } from './solid-list.jsx'
import { openTunes } from './tunes.js'
import { VueList } from './vue-list.js'

const byId = (id) => document.getElementById(id)

hydrateSolid(() => <SolidList />, byId('solid'))
hydrateRoot(byId('react'), reactList)
hydrateRoot(byId('suspending'), suspendingList, {
  onRecoverableError: ({ message }) => byId('suspending').setAttribute('title', message),
})
createSSRApp(VueList).mount('#vue')
hydrateSvelte(SvelteList, { target: byId('svelte') })

document.querySelector('form').addEventListener('submit', async (event) => {
  event.preventDefault()
  const db = await openTunes()
  await db.run('insert into tune values (?)', [event.target.elements.title.value])
  event.target.reset()
})

document.querySelector('button').disabled = false
