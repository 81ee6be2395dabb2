import { lazy } from 'solid-js'

/**
 * `/debug/db`, loaded when it is opened. It shows all that the signed-in person's database holds, and runs SQL on
 * it: `VITE_DEBUG_DB=off` builds an app without its code, which shows no link to it.
 */
export const LazyDebugPage =
  import.meta.env.VITE_DEBUG_DB === 'off'
    ? undefined
    : lazy(async () => ({ default: (await import('./debug-page.tsx')).DebugPage }))
