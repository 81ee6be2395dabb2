import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    name: 'node',
    include: ['{packages,apps}/*/{src,test}/**/*.test.ts', 'bench/**/*.test.ts', 'scripts/**/*.test.mjs'],
    environment: 'node',
    // A test that hangs is to fail; a busy machine is none of its business.
    testTimeout: 60_000,
  },
})
