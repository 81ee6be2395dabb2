import { join } from 'node:path'
import { build, libraries } from './build.mjs'
import { root } from './run.mjs'
import { serve } from './serve.mjs'

await build([...libraries, 'apps/practice'])
const { url } = await serve(join(root, 'apps/practice/dist'), { port: Number(process.env['PORT'] ?? 4173) })
console.log(`Practice is at ${url}`)
