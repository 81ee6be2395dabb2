import { test } from 'vitest'
import { writeFileSync } from 'node:fs'
import { runCluster } from './cluster-run.ts'
test('dbg', async () => {
  const seed = Number(process.env['SEED'])
  try { await runCluster(seed, (w, h) => { writeFileSync('/tmp/trace.txt', w.simulation.trace.print(100000)); writeFileSync('/tmp/history.txt', h.toJsonLines()) }) } catch (e) { writeFileSync('/tmp/err.txt', String((e as Error).stack)) }
}, 600_000)
