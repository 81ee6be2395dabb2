import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'engines',
    include: ['engines/*.test.ts'],
    environment: 'node',
    fileParallelism: false,
    // A machine without a graphics card runs some engines very slowly; nothing here asserts a time.
    testTimeout: 180_000,
    hookTimeout: 60_000,
  },
})
