import { defineConfig } from 'vitest/config'

/** What runs for as long as it is told to: `npm run soak`. */
export default defineConfig({
  test: { name: 'soak', include: ['soak/*.test.ts'], environment: 'node' },
})
