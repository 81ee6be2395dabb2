import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'engines',
    include: ['engines/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    // Nothing here asserts a time, and three browsers with five tabs each may have to share a busy machine.
    testTimeout: 600_000,
    hookTimeout: 60_000,
  },
})
