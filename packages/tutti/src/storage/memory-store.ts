import type { Device } from './device.ts'
import { MemoryDevice } from './memory-device.ts'
import type { Store } from './store.ts'

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
