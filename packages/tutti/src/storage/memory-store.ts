import type { Device } from './device.ts'
import { MemoryDevice } from './memory-device.ts'
import { PAGE_SIZE } from './page-size.ts'
import type { PageSource } from './page-source.ts'
import type { Store } from './store.ts'

const PAGES_AT_ONCE = 256

/** A store that ends with its worker. */
export function createMemoryStore(
  main: Device = new MemoryDevice(),
  wal: Device = new MemoryDevice(),
): Store {
  return {
    kind: 'memory',
    main,
    wal,
    flush: () => undefined,
    fence: () => Promise.resolve(),
    verify: () => Promise.resolve('present'),
    close: () => undefined,
  }
}

/** A store that begins with the pages of a replica: how the most advanced one is promoted (R28). */
export function promoteReplica(source: PageSource): Store {
  const main = new MemoryDevice()
  for (let from = 1; from <= source.databaseSize; from += PAGES_AT_ONCE) {
    main.write(source.readPages(from, PAGES_AT_ONCE).bytes, (from - 1) * PAGE_SIZE)
  }
  return createMemoryStore(main)
}
