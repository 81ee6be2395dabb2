import type { LaunchOptions } from './browser.ts'

/** The storages that keep data, and a browser whose first one each is. */
export const rungs: readonly { readonly rung: 'opfs' | 'indexeddb'; readonly browser: LaunchOptions }[] = [
  { rung: 'opfs', browser: {} },
  { rung: 'indexeddb', browser: { opfs: false } },
]
