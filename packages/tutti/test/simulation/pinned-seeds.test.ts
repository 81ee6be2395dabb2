import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { PINNED } from './pinned-seeds.ts'
import { runScript } from './run-script.ts'
import { tell } from './script.ts'

const scripts = PINNED.flatMap(({ script, ...pinned }) =>
  script === undefined ? [] : [{ ...pinned, script }],
)

test.for(scripts)('seed $seed: $found', { timeout: 300_000 }, async ({ script }) => {
  const finding = await runScript(script)
  expect(finding, `${tell(script)}\n${finding?.report ?? ''}`).toBe(undefined)
})

test.for(PINNED)('seed $seed is held by a test that needs no chance', async ({ test: { file, title } }) => {
  expect(await readFile(new URL(`../../${file}`, import.meta.url), 'utf8')).toContain(title)
})
