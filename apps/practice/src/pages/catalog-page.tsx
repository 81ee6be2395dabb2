import { createMemo, createSignal, For, type JSX, Show } from 'solid-js'
import { createLiveQuery } from 'tutti/solid'
import { filterTunes } from '../catalog/filter-tunes.ts'
import { addToPlaylist, byTitle, type ListedTune, tuneList } from '../catalog/repertoire.ts'
import type { Scope } from '../data/db.ts'
import { useApp } from '../ui/app-context.ts'
import { PlaylistPicker } from '../ui/playlist-picker.tsx'
import { useWorkspace } from '../ui/workspace.ts'

export function CatalogPage(): JSX.Element {
  const workspace = useWorkspace()
  return (
    <section class="page">
      <div class="page-head">
        <h1>Catalog</h1>
        <PlaylistPicker workspace={workspace} />
      </div>
      <Show when={workspace.scope()} keyed>
        {(scope) => <TuneList scope={scope} />}
      </Show>
    </section>
  )
}

function TuneList(props: { readonly scope: Scope }): JSX.Element {
  const { db } = useWorkspace()
  const { toasts } = useApp()
  const found = createLiveQuery(() => db.live(tuneList(db, props.scope)))
  const tunes = createMemo(() => byTitle(found() ?? []))
  const [text, setText] = createSignal('')
  const [type, setType] = createSignal('')
  const [mode, setMode] = createSignal('')
  const shown = createMemo(() => filterTunes(tunes(), { text: text(), type: type(), mode: mode() }))
  const add = (tune: ListedTune): void => {
    addToPlaylist(db, props.scope, tune.id, new Date()).catch(toasts.fail)
  }

  return (
    <>
      <search class="filters">
        <label class="field">
          <span class="quiet">Search</span>
          <input
            type="search"
            class="input"
            placeholder="Title or source"
            value={text()}
            onInput={(event) => setText(event.currentTarget.value)}
            data-testid="catalog-search"
          />
        </label>
        <Choice
          label="Type"
          all="All types"
          values={tunes().map((tune) => tune.type)}
          value={type()}
          onChoose={setType}
        />
        <Choice
          label="Mode"
          all="All modes"
          values={tunes().map((tune) => tune.mode)}
          value={mode()}
          onChoose={setMode}
        />
        <p class="filters-count quiet" role="status">
          {shown().length} of {tunes().length} tunes
        </p>
      </search>
      <ul class="tunes">
        <For each={shown()}>{(tune) => <TuneRow tune={tune} onAdd={() => add(tune)} />}</For>
      </ul>
      <Show when={!found.loading && shown().length === 0}>
        <p class="notice">No tune matches.</p>
      </Show>
    </>
  )
}

function TuneRow(props: { readonly tune: ListedTune; readonly onAdd: () => void }): JSX.Element {
  return (
    <li class="tune" data-testid="tune-row" data-tune={props.tune.id}>
      <div class="tune-text">
        <h3 class="queue-title">{props.tune.title}</h3>
        <p class="quiet">
          {props.tune.type} · {props.tune.tonic} {props.tune.mode} · {props.tune.meter}
        </p>
        <p class="tune-source quiet">{props.tune.source}</p>
      </div>
      <code class="incipit" aria-label={`First bars of ${props.tune.title} in ABC notation`}>
        {props.tune.incipit.replaceAll('|', ' | ').trim()}
      </code>
      <Show
        when={props.tune.inPlaylist === 0}
        fallback={
          <span class="tune-added" data-testid="in-playlist">
            <span aria-hidden="true">✓ </span>In playlist
          </span>
        }
      >
        <button
          type="button"
          class="button"
          data-testid="add-to-playlist"
          aria-label={`Add ${props.tune.title} to playlist`}
          onClick={() => props.onAdd()}
        >
          Add<span class="wide-only"> to playlist</span>
        </button>
      </Show>
    </li>
  )
}

interface ChoiceProps {
  readonly label: string
  /** What the empty choice is called. */
  readonly all: string
  /** May hold a value many times. */
  readonly values: readonly string[]
  readonly value: string
  readonly onChoose: (value: string) => void
}

function Choice(props: ChoiceProps): JSX.Element {
  const options = createMemo(() => [...new Set(props.values)].sort())
  return (
    <label class="field">
      <span class="quiet">{props.label}</span>
      <select
        class="input"
        value={props.value}
        onChange={(event) => props.onChoose(event.currentTarget.value)}
      >
        <option value="">{props.all}</option>
        <For each={options()}>{(value) => <option value={value}>{value}</option>}</For>
      </select>
    </label>
  )
}
