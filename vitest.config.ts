import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vitest/config'

/** Tests that draw: solid-js and svelte have another build for whoever has a DOM. */
const frameworks = 'packages/tutti/test/frameworks/**/*.test.ts'

export default defineConfig({
  test: {
    // A bound for what hangs; nothing is measured by it, however busy the machine is.
    testTimeout: 120_000,
    // Of two cores it would leave one alone.
    maxWorkers: '100%',
    projects: [
      {
        extends: true,
        // Components, as a server draws them.
        plugins: [svelte({ configFile: false })],
        test: {
          name: 'node',
          include: [
            '{packages,apps}/*/{src,test}/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.mjs',
          ],
          exclude: [frameworks, '**/node_modules/**'],
          environment: 'node',
        },
      },
      {
        extends: true,
        plugins: [svelte({ configFile: false })],
        resolve: { conditions: ['browser'] },
        test: {
          name: 'dom',
          include: [frameworks],
          environment: 'happy-dom',
          server: { deps: { inline: [/solid-js/, /svelte/] } },
        },
      },
    ],
  },
})
