import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { TestBrowser } from './browser.ts'
import { recordingOf } from './recording.ts'

const artifacts = fileURLToPath(new URL('../artifacts', import.meta.url))

/**
 * Keeps what a failing test leaves behind: the log, the history in it (`npm run judge` judges it again), and
 * a screenshot of each tab that still answers.
 *
 * @returns the folder they are in
 */
export async function saveArtifacts(browser: TestBrowser, title: string): Promise<string> {
  const folder = join(artifacts, title.replace(/[^\w-]+/g, '_').slice(0, 100))
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'log.txt'), `${browser.log.join('\n')}\n`)
  const recording = recordingOf(browser)
  if (recording !== '') await writeFile(join(folder, 'history.jsonl'), recording)
  const shots = browser.context
    .pages()
    .map((page, index) => page.screenshot({ path: join(folder, `tab-${index}.png`), timeout: 3000 }))
  // A crashed or frozen tab has no picture.
  await Promise.allSettled(shots)
  return folder
}
