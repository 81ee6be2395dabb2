import { type JSX, Show } from 'solid-js'
import { PracticeList } from '../practice/practice-list.tsx'
import { PlaylistPicker } from '../ui/playlist-picker.tsx'
import { useWorkspace } from '../ui/workspace.ts'

export function PracticePage(): JSX.Element {
  const workspace = useWorkspace()
  return (
    <section class="page">
      <div class="page-head">
        <h1>Today</h1>
        <PlaylistPicker workspace={workspace} />
      </div>
      <Show when={workspace.scope()} keyed>
        {(scope) => <PracticeList scope={scope} />}
      </Show>
    </section>
  )
}
