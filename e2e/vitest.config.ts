import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'browser',
    include: ['**/*.test.ts'],
    // `npm run test:engines` needs browsers that not everybody has, and `npm run soak` time.
    exclude: ['engines/**', 'soak/**', '**/node_modules/**'],
    environment: 'node',
    // Each file starts browsers with several tabs: one at a time keeps a small machine honest.
    fileParallelism: false,
    // For what hangs. A slow or busy machine is none of a test's business.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // What is waited for comes by itself; how soon depends on what else the machine does.
    expect: { poll: { timeout: 30_000 } },
  },
})
