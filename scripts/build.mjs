import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { main, must, root } from './run.mjs'

/** What other workspaces compile against. */
export const libraries = ['packages/tutti', 'packages/inspector']

/** What is opened in a browser. */
export const apps = ['apps/practice', 'e2e']

/**
 * Builds workspaces in the given order, each by its own `build` script.
 *
 * @param {readonly string[]} [folders]
 */
export async function build(folders = [...libraries, ...apps]) {
  for (const folder of folders) {
    const { scripts } = JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8'))
    if (scripts?.build) await must('npm', ['run', '--silent', 'build'], { cwd: join(root, folder) })
  }
}

await main(import.meta.url, () => build())
