import { createSignal, For, onMount, Show } from 'solid-js'
import { createLiveQuery } from 'tutti/solid'
import { openTunes, SQL } from './tunes.js'

export function SolidList() {
  const [db, setDb] = createSignal()
  onMount(async () => setDb(await openTunes()))
  const tunes = createLiveQuery(db, SQL)
  return (
    <section>
      <Show when={!tunes.loading} fallback="loading">
        <ul>
          <For each={tunes()}>{({ title }) => <li>{title}</li>}</For>
        </ul>
      </Show>
    </section>
  )
}
