import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'
import { precache } from './src/offline/precache.ts'

export default defineConfig({
  plugins: [solid(), precache()],
  build: { target: 'es2022' },
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
})
