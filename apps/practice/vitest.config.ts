import { defineConfig } from 'vitest/config'

export default defineConfig({ test: { name: 'practice', include: ['src/**/*.test.ts'] } })
