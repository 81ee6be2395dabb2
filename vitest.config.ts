import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'node',
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/**/*.test.mjs'],
    environment: 'node',
    // A bound for what hangs; nothing is measured by it, however busy the machine is.
    testTimeout: 120_000,
  },
})
