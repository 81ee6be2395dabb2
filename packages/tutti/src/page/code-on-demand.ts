import type { CodeOnDemand } from './page-environment.ts'

/** Each `import()` is a file of its own: no bundler puts it into what a page loads first. */
export const codeOnDemand: CodeOnDemand = {
  async exclusive() {
    const { browserLocks, ExclusiveTurns } = await import('./exclusive-code.ts')
    return { ExclusiveTurns, locks: browserLocks(globalThis) }
  },
  import: () => import('./import-bytes.ts'),
  syncReads: () => import('./sync/sync-copy.ts'),
  recovery: () => import('./recovery.ts'),
}
