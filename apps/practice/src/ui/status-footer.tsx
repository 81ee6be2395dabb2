import { createSignal, type JSX, onCleanup, Show } from 'solid-js'
import type { Database, DatabaseStatus } from 'tutti'
import { coalesce } from './coalesce.ts'

const STORAGE_NAME: Readonly<Record<string, string>> = {
  opfs: 'on disk (OPFS)',
  indexeddb: 'in IndexedDB',
  memory: 'in memory only',
}

/** Which part this tab plays and where the data is kept: nothing about that is a secret. */
export function StatusFooter(props: { readonly db: Database }): JSX.Element {
  const [status, setStatus] = createSignal<DatabaseStatus>()
  const look = coalesce(() =>
    props.db.status().then(
      (now) => void setStatus(now),
      () => undefined,
    ),
  )
  const stops = [props.db.onChange(look), props.db.on('status', look), props.db.on('storage', look)]
  onCleanup(() => {
    for (const stop of stops) stop()
  })
  void look()
  const kind = (): string => props.db.storage.kind

  return (
    <footer class="footer" aria-label="Status of this tab's database">
      <Show when={status()} fallback={<span>Connecting…</span>}>
        {(now) => (
          <>
            <span class="footer-item">
              <span class={`dot dot-${now().role}`} aria-hidden="true" />
              This tab is <strong data-testid="status-role">{now().role}</strong>
            </span>
            <span class="footer-item" data-testid="status-tab">
              tab {now().tab.slice(0, 8)}
            </span>
            <span class="footer-item">
              {now().members.length === 1 ? '1 tab open' : `${now().members.length} tabs open`}
            </span>
            <span class="footer-item" data-testid="status-storage">
              kept {STORAGE_NAME[kind()] ?? kind()}
            </span>
            <span class="footer-item footer-version">version {now().version}</span>
          </>
        )}
      </Show>
    </footer>
  )
}
