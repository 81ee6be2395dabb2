import { test } from 'vitest'
import { runCluster } from './cluster-run.ts'
import { appendFileSync, writeFileSync } from 'node:fs'

test('scan', async () => {
  const from = Number(process.env['FROM'] ?? 1), to = Number(process.env['TO'] ?? 60)
  const out = process.env['OUT'] ?? '/tmp/scan.txt'
  writeFileSync(out, '')
  const t0 = Date.now()
  let bad = 0
  for (let seed = from; seed <= to; seed++) {
    const t = Date.now()
    try { const r = await runCluster(seed); void r } catch (e) { bad++; appendFileSync(out, `SEED ${seed} ${String((e as Error).message).slice(0, 700)}\n`) }
    const d = Date.now() - t
    if (d > 3000) appendFileSync(out, `SLOW ${seed} ${d}\n`)
  }
  appendFileSync(out, `done ${bad} bad of ${to - from + 1} in ${Date.now() - t0} ms\n`)
}, 600_000)
