import { createSignal, type JSX, onMount, Show } from 'solid-js'
import { keepOffline, reloadAsNewest } from './newer-build.ts'

/** Asks whether to go on as a newer build. Until then, or until all tabs are closed, the one at hand stays. */
export function NewerBuildBanner(): JSX.Element {
  const [waits, setWaits] = createSignal(false)
  onMount(() => {
    // Without its service worker, which a browser may forbid, the app runs as well as long as there is a network.
    keepOffline(setWaits).catch((error: unknown) =>
      console.warn('Practice is not kept for use offline.', error),
    )
  })
  return (
    <Show when={waits()}>
      <div class="banner" role="status" data-testid="newer-build-banner">
        <p>A new version of Practice is ready.</p>
        <button type="button" class="button" onClick={() => void reloadAsNewest()}>
          Reload all tabs
        </button>
      </div>
    </Show>
  )
}
