import { createSignal, ErrorBoundary, type JSX, Match, onCleanup, Show, Switch } from 'solid-js'
import { type Database, StorageCorruptError } from 'tutti'
import type { Db } from '../data/db.ts'
import { openPractice } from '../data/open-practice.ts'
import type { Person } from '../data/seed.ts'
import { reloadAsNewest } from '../offline/newer-build.ts'
import { DamagedNotice } from './damaged-notice.tsx'
import { StatusFooter } from './status-footer.tsx'
import { describe } from './toasts.tsx'
import { createWorkspace, WorkspaceContext } from './workspace.ts'

type State =
  | { readonly kind: 'opening' }
  | { readonly kind: 'open'; readonly db: Db }
  | { readonly kind: 'failed'; readonly error: unknown }
  | { readonly kind: 'damaged' }
  | { readonly kind: 'deleted' }

interface DatabaseGateProps {
  readonly person: Person
  readonly children: JSX.Element
}

/** Opens the database of one user for the pages inside, and closes it when they go. */
export function DatabaseGate(props: DatabaseGateProps): JSX.Element {
  const [state, setState] = createSignal<State>({ kind: 'opening' })
  const [outdated, setOutdated] = createSignal(false)
  let disposed = false
  let handle: Database | undefined

  function fail(error: unknown): void {
    if (disposed) return
    const damaged = error instanceof StorageCorruptError && error.quarantined !== undefined
    setState(damaged ? { kind: 'damaged' } : { kind: 'failed', error })
  }

  async function start(): Promise<void> {
    setState({ kind: 'opening' })
    void handle?.close()
    try {
      const db = await openPractice(props.person)
      if (disposed) return void db.$client.close()
      handle = db.$client
      handle.on('outdated', () => setOutdated(true))
      // Where the file turns out to be damaged, nothing answers any more, not even this.
      handle.on('storage', () => void db.$client.status().catch(fail))
      handle.on('deleted', () => setState({ kind: 'deleted' }))
      setState({ kind: 'open', db })
    } catch (error) {
      fail(error)
    }
  }

  void start()
  onCleanup(() => {
    disposed = true
    void handle?.close()
  })

  const opened = (): Db | undefined => {
    const now = state()
    return now.kind === 'open' ? now.db : undefined
  }
  const failure = (): { error: unknown } | undefined => {
    const now = state()
    return now.kind === 'failed' ? now : undefined
  }

  return (
    <>
      <Show when={outdated()}>
        <div class="banner" role="alert" data-testid="outdated-banner">
          <p>A newer version of Practice is open in another tab.</p>
          <button type="button" class="button" onClick={() => void reloadAsNewest()}>
            Reload to update
          </button>
        </div>
      </Show>
      <Switch
        fallback={
          <p class="notice" role="status">
            Opening your tunes…
          </p>
        }
      >
        <Match when={opened()} keyed>
          {(db) => (
            <>
              <ErrorBoundary fallback={(error, reset) => <Failed error={error} onRetry={reset} />}>
                <WorkspaceContext.Provider value={createWorkspace(db, props.person, localStorage)}>
                  {props.children}
                </WorkspaceContext.Provider>
              </ErrorBoundary>
              <StatusFooter db={db.$client} />
            </>
          )}
        </Match>
        <Match when={failure()}>
          {(failed) => <Failed error={failed().error} onRetry={() => void start()} />}
        </Match>
        <Match when={state().kind === 'damaged'}>
          <DamagedNotice person={props.person} onDecided={() => void start()} />
        </Match>
        <Match when={state().kind === 'deleted'}>
          <div class="notice" role="alert">
            <h1>This database was deleted</h1>
            <p>It was deleted in another tab, or the site's data was cleared.</p>
            <button type="button" class="button button-primary" onClick={() => void start()}>
              Start again
            </button>
          </div>
        </Match>
      </Switch>
    </>
  )
}

function Failed(props: { readonly error: unknown; readonly onRetry: () => void }): JSX.Element {
  const told = () => describe(props.error)
  return (
    <div class="notice" role="alert">
      <h1>Your tunes could not be opened</h1>
      <p>{told().message}</p>
      <Show when={told().code}>{(code) => <code class="toast-code">{code()}</code>}</Show>
      <button type="button" class="button button-primary" onClick={() => props.onRetry()}>
        Try again
      </button>
    </div>
  )
}
