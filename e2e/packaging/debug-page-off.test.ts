import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { root } from '../../scripts/run.mjs'

for (const { setting, holds } of [
  { setting: 'on', holds: true },
  { setting: 'off', holds: false },
]) {
  test(`P9 Practice built with VITE_DEBUG_DB=${setting} ${holds ? 'has' : 'does not have'} the inspector in it`, async () => {
    const code = await codeOfPractice(setting)
    expect(code).toContain('daily_practice_queue')
    expect(code.includes('tutti-inspector')).toBe(holds)
  })
}

async function codeOfPractice(debugPage: string): Promise<string> {
  const built = await build({
    root: join(root, 'apps/practice'),
    logLevel: 'warn',
    build: { write: false },
    define: { 'import.meta.env.VITE_DEBUG_DB': JSON.stringify(debugPage) },
  })
  const outputs = (Array.isArray(built) ? built : [built]) as Rolldown.RolldownOutput[]
  return outputs
    .flatMap(({ output }) => output)
    .map((part) => (part.type === 'chunk' ? part.code : ''))
    .join('\n')
}
