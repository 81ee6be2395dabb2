import { createEffect, type JSX, Match, onCleanup, Show, Suspense, Switch } from 'solid-js'
import { Dynamic } from 'solid-js/web'
import { NewerBuildBanner } from './offline/newer-build-banner.tsx'
import { CatalogPage } from './pages/catalog-page.tsx'
import { LazyDebugPage } from './pages/lazy-debug-page.ts'
import { PracticePage } from './pages/practice-page.tsx'
import { SignInPage } from './pages/sign-in-page.tsx'
import { createSession } from './session/session.ts'
import { AppContext } from './ui/app-context.ts'
import { DatabaseGate } from './ui/database-gate.tsx'
import { Header } from './ui/header.tsx'
import { createRouter, Link } from './ui/router.tsx'
import { createToasts, ToastList } from './ui/toasts.tsx'

const TITLES: Readonly<Record<string, string>> = {
  '/': 'Practice',
  '/practice': 'Today · Practice',
  '/catalog': 'Catalog · Practice',
  '/debug/db': 'Database · Practice',
}

export function App(): JSX.Element {
  const session = createSession(localStorage, window)
  const router = createRouter(window)
  const toasts = createToasts()
  onCleanup(session.dispose)
  onCleanup(router.dispose)
  createEffect(() => {
    document.title = TITLES[router.path()] ?? 'Practice'
  })
  // Runs in the same task as what it follows: neither page is painted before.
  createEffect(() => {
    if (router.path() === '/' && session.person() !== undefined) router.redirect('/practice')
  })

  return (
    <AppContext.Provider value={{ session, router, toasts }}>
      <Header />
      <main class="main">
        <NewerBuildBanner />
        <Show when={session.person()} keyed fallback={<SignInPage />}>
          {(person) => (
            <DatabaseGate person={person}>
              <Switch
                fallback={
                  <div class="notice">
                    <h1>There is no such page</h1>
                    <Link router={router} to="/practice">
                      To today's tunes
                    </Link>
                  </div>
                }
              >
                <Match when={router.path() === '/practice'}>
                  <PracticePage />
                </Match>
                <Match when={router.path() === '/catalog'}>
                  <CatalogPage />
                </Match>
                <Match when={router.path() === '/debug/db' && LazyDebugPage}>
                  {(Page) => (
                    <Suspense>
                      <Dynamic component={Page()} />
                    </Suspense>
                  )}
                </Match>
              </Switch>
            </DatabaseGate>
          )}
        </Show>
      </main>
      <ToastList toasts={toasts} />
    </AppContext.Provider>
  )
}
