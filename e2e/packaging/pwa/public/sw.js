addEventListener('install', (event) => event.waitUntil(keepFiles()))
addEventListener('fetch', (event) => event.respondWith(answer(event.request)))

async function keepFiles() {
  const files = await fetch('/files.json')
  const cache = await caches.open('app')
  await cache.addAll(await files.json())
}

async function answer(request) {
  return (await caches.match(request)) ?? fetch(request)
}
