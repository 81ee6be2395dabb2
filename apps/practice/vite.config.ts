import { defineConfig } from 'vite'
import solid from 'vite-plugin-solid'

export default defineConfig({
  plugins: [solid()],
  build: { target: 'es2022' },
  worker: { format: 'es' },
  server: { host: '127.0.0.1' },
})
