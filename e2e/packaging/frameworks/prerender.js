import { readFile, writeFile } from 'node:fs/promises'
import { render } from './server/server.js'

let page = await readFile('dist/index.html', 'utf8')
for (const [part, html] of Object.entries(await render())) page = page.replace(`<!--${part}-->`, () => html)
await writeFile('dist/index.html', page)
