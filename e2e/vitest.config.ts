import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'browser',
    include: ['**/*.test.ts'],
    exclude: ['**/node_modules/**', 'soak/**'],
    environment: 'node',
    // Each file starts browsers with several tabs: one at a time keeps a small machine honest.
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
