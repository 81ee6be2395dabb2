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
  // An installed app may go without a navigation for weeks. What fails here is tried again the next time.
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'visible') void registration.update().catch(() => undefined)
  })
}

/** Reloads all tabs as the newest build that can be had. */
export async function reloadAsNewest(): Promise<void> {
  const registration = await workers?.getRegistration()
  const newest = registration && (newerBuild(registration) ?? (await fetchNewer(registration)))
  if (workers === undefined || !newest) return location.reload()
  // A page that no service worker controlled is not reloaded by the change.
  workers.addEventListener('controllerchange', () => location.reload())
  newest.postMessage('take-over')
}

/** Another build's service worker, which waits until all tabs of this one are closed, or until it is called. */
function newerBuild({ active, waiting }: ServiceWorkerRegistration): ServiceWorker | null {
  return active === null ? null : waiting
}

async function fetchNewer(registration: ServiceWorkerRegistration): Promise<ServiceWorker | null> {
  // Without the network, what is here is the newest.
  await registration.update().catch(() => undefined)
  const { installing } = registration
  if (installing !== null) {
    await new Promise((resolve) => installing.addEventListener('statechange', resolve, { once: true }))
  }
  return newerBuild(registration)
}
