import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'browser',
    include: ['**/*.test.ts'],
    environment: 'node',
    // Each file starts browsers with several tabs: one at a time keeps a small machine honest.
    fileParallelism: false,
    // For what hangs. A slow or busy machine is none of a test's business.
    testTimeout: 180_000,
    hookTimeout: 180_000,
  },
})
