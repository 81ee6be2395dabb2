/** The app's service worker; without one, in `npm run dev` or on plain HTTP, a reload is all that there is. */
const workers = import.meta.env.PROD
  ? (navigator.serviceWorker as ServiceWorkerContainer | undefined)
  : undefined

/**
 * Keeps the app for use without its server, and calls back whenever a newer build is, or is no longer, kept beside
 * the one that runs. Call it once.
 */
export async function keepOffline(onNewerBuild: (waits: boolean) => void): Promise<void> {
  if (workers === undefined) return
  let controlled = workers.controller !== null
  workers.addEventListener('controllerchange', () => {
    // The tab's build is no longer kept: it goes on as the one that is.
    if (controlled) location.reload()
    controlled = true
  })
  const registration = await workers.register('/service-worker.js')
  const look = (): void => onNewerBuild(newerBuild(registration) !== null)
  look()
  registration.addEventListener('updatefound', () => {
    registration.installing?.addEventListener('statechange', look)
  })
  // What fails here, without a network, is tried again the next time.
  const askServer = (): void => void registration.update().catch(() => undefined)
  // A forced reload takes its page from the server, and browsers look for a newer build only where they do not.
  if (!controlled && registration.active !== null) askServer()
  // An installed app may go without a navigation for weeks.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') askServer()
  })
}

/** Reloads all tabs as the newer build, where one is kept; otherwise this tab, on which the browser looks for one. */
export async function reloadAsNewest(): Promise<void> {
  const registration = await workers?.getRegistration()
  const newer = registration === undefined ? null : newerBuild(registration)
  if (workers === undefined || newer === null) return location.reload()
  // A page that no service worker controlled is not reloaded by the change.
  workers.addEventListener('controllerchange', () => location.reload())
  newer.postMessage('take-over')
}

/** Another build's service worker, which waits until all tabs of this one are closed, or until it is called. */
function newerBuild({ active, waiting }: ServiceWorkerRegistration): ServiceWorker | null {
  return active === null ? null : waiting
}
