import { svelte } from '@sveltejs/vite-plugin-svelte'
import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

export default defineConfig({
  plugins: [solid(), svelte({ configFile: false })],
  build: { target: 'es2022' },
})
