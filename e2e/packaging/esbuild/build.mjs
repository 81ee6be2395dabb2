import { build } from 'esbuild'

await build({
  bundle: true,
  minify: true,
  format: 'esm',
  loader: { '.html': 'copy', '.wasm': 'copy' },
  outdir: 'dist',
  entryPoints: [
    { in: 'index.html', out: 'index' },
    { in: 'main.js', out: 'app/main' },
    // The library looks for these beside the folder that it was bundled into.
    { in: 'tutti/member/worker.js', out: 'member/worker' },
    { in: 'tutti/primary/worker.js', out: 'primary/worker' },
    { in: 'tutti/sqlite3.wasm', out: 'sqlite3' },
  ],
})
