import type { PageBench } from './page-bench.ts'

declare global {
  interface Window {
    /** There once {@link benchReady} has resolved. */
    bench: PageBench
    /** Resolves when the peer's code has been loaded. */
    benchReady: Promise<void>
  }
}
