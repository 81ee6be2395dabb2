import { type JSX, Show } from 'solid-js'
import { LazyDebugPage } from '../pages/lazy-debug-page.ts'
import { useApp } from './app-context.ts'
import { Link } from './router.tsx'

export function Header(): JSX.Element {
  const { session, router } = useApp()
  const signOut = (): void => {
    session.signOut()
    router.navigate('/')
  }
  return (
    <header class="header">
      <Link router={router} to={session.person() === undefined ? '/' : '/practice'} class="brand">
        <img src="/favicon.svg" alt="" width="28" height="28" />
        Practice
      </Link>
      <Show when={session.person()}>
        {(person) => (
          <>
            <nav class="nav" aria-label="Pages">
              <Link router={router} to="/practice">
                Today
              </Link>
              <Link router={router} to="/catalog">
                Catalog
              </Link>
              <Show when={LazyDebugPage}>
                <a
                  href="/debug/db"
                  target="_blank"
                  rel="noopener"
                  data-testid="debug-link"
                  aria-current={router.path() === '/debug/db' ? 'page' : undefined}
                >
                  Database<span aria-hidden="true"> ↗</span>
                  <span class="visually-hidden"> (opens a new tab)</span>
                </a>
              </Show>
            </nav>
            <div class="whoami">
              <span class="whoami-name">{person().name}</span>
              <button type="button" class="button button-quiet" data-testid="sign-out" onClick={signOut}>
                Sign out
              </button>
            </div>
          </>
        )}
      </Show>
    </header>
  )
}
