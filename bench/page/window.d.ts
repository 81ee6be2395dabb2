import type { pageBench } from './page-bench.ts'

declare global {
  interface Window {
    /** There once `body[data-ready]` is. */
    bench: typeof pageBench
  }
}
