import type { PageBench } from './page-bench.ts'

declare global {
  interface Window {
    /** There once `body[data-ready]` is. */
    bench: PageBench
  }
}
