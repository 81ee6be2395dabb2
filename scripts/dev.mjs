import { watch } from 'node:fs'
import { join } from 'node:path'
import { build, libraries } from './build.mjs'
import { must, root } from './run.mjs'

let building = build(libraries)
let stale = false

for (const library of libraries) {
  watch(join(root, library, 'src'), { recursive: true }, () => {
    if (stale) return
    stale = true
    building = building.then(rebuild, rebuild)
  })
}

async function rebuild() {
  stale = false
  await build(libraries).catch((error) => console.error(error.message))
}

await building
await must('npm', ['run', '--silent', 'dev', '--', '--host', '127.0.0.1'], {
  cwd: join(root, 'apps/practice'),
})
