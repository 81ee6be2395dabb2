import { For, type JSX, Show } from 'solid-js'
import type { Workspace } from './workspace.ts'

/** The playlist that the page is about: its name, or a choice where the user has several. */
export function PlaylistPicker(props: { readonly workspace: Workspace }): JSX.Element {
  return (
    <Show
      when={props.workspace.playlists().length > 1}
      fallback={<p class="playlist-name">{props.workspace.playlist()?.name}</p>}
    >
      <label class="field-row">
        <span class="quiet">Playlist</span>
        <select
          class="input"
          value={props.workspace.playlist()?.id}
          onChange={(event) => props.workspace.choose(event.currentTarget.value)}
        >
          <For each={props.workspace.playlists()}>
            {(playlist) => <option value={playlist.id}>{playlist.name}</option>}
          </For>
        </select>
      </label>
    </Show>
  )
}
