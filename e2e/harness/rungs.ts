import type { LaunchOptions } from './browser.ts'
import { times } from './extent.ts'

/** The storages that keep data, and a browser whose first one each is. */
export const rungs: readonly { readonly rung: 'opfs' | 'indexeddb'; readonly browser: LaunchOptions }[] = [
  { rung: 'opfs', browser: {} },
  { rung: 'indexeddb', browser: { opfs: false } },
]

/** For what hangs little on the storage: the first of the {@link rungs}, and in `npm run test:faults` all of them. */
export const someRungs = rungs.slice(0, times(1, rungs.length))
