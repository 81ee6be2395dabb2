import { renderToString as renderReact } from 'react-dom/server'
import { generateHydrationScript, renderToString as renderSolid } from 'solid-js/web'
import { render as renderSvelte } from 'svelte/server'
import { createSSRApp } from 'vue'
import { renderToString as renderVue } from 'vue/server-renderer'
import { reactList, suspendingList } from './react-list.js'
import SvelteList from './SvelteList.svelte'
import { SolidList } from './solid-list.jsx'
import { VueList } from './vue-list.js'

/** What each framework draws on a server. */
export async function render() {
  return {
    head: generateHydrationScript(),
    solid: renderSolid(() => <SolidList />),
    react: renderReact(reactList),
    suspending: renderReact(suspendingList),
    vue: await renderVue(createSSRApp(VueList)),
    svelte: renderSvelte(SvelteList).body,
  }
}
