/**
 * Keeps the files of one build, and answers with them alone: what this worker serves is never of two builds. It
 * knows nothing of Tutti, nor Tutti of it.
 */

/** What `precache` writes in front of this file. */
declare const BUILD: {
  readonly id: string
  /** Each file's path, and what the browser checks its bytes against. */
  readonly files: Readonly<Record<string, string>>
}

/** What is used of a service worker's globals: the compiler's `webworker` cannot stand beside its `dom`. */
interface Scope {
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: Lasting) => void): void
  addEventListener(type: 'message', listener: (event: MessageEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: Fetching) => void): void
}

interface Lasting {
  waitUntil(work: Promise<unknown>): void
}

interface Fetching {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}

const PREFIX = 'practice-'
const cacheName = PREFIX + BUILD.id
const scope = globalThis as unknown as Scope

scope.addEventListener('install', (event) => event.waitUntil(keepFiles()))
scope.addEventListener('activate', (event) => event.waitUntil(takeOver()))
scope.addEventListener('message', ({ data }) => {
  if (data === 'take-over') void scope.skipWaiting()
})
scope.addEventListener('fetch', (event) => {
  const path = fileFor(event.request)
  if (path !== undefined) event.respondWith(answer(path, event.request))
})

/** Fails where the server has another build already, or half of one: the browser tries again later. */
async function keepFiles(): Promise<void> {
  const cache = await caches.open(cacheName)
  // What the browser has kept by itself may be of the build before.
  const requests = Object.entries(BUILD.files).map(
    ([path, integrity]) => new Request(path, { cache: 'no-cache', integrity }),
  )
  await cache.addAll(requests)
}

async function takeOver(): Promise<void> {
  for (const name of await caches.keys()) {
    if (name.startsWith(PREFIX) && name !== cacheName) await caches.delete(name)
  }
  // The page that was loaded first may need a worker or a chunk once the network is gone.
  await scope.clients.claim()
}

/** Which of the build's files a request is for: every page of the app is the one document. */
function fileFor({ method, mode, url }: Request): string | undefined {
  const { origin, pathname } = new URL(url)
  if (method !== 'GET' || origin !== location.origin) return undefined
  if (pathname in BUILD.files) return pathname
  return mode === 'navigate' ? '/' : undefined
}

async function answer(path: string, request: Request): Promise<Response> {
  // The browser may have cleared the cache to make room.
  return (await caches.match(path, { cacheName })) ?? fetch(request)
}
