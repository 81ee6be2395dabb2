import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createRun, findWholeRun } from './run-file.ts'
import { planOf, visitOf } from './testing/made-up-run.ts'

let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tutti-bench-'))
})

afterEach(() => {
  rmSync(folder, { recursive: true })
})

test('what was added is there for whoever goes on, whatever ended the run', () => {
  const run = createRun(folder, planOf())
  run.add(visitOf({ peer: 'tutti', round: 1 }))
  expect(findWholeRun(folder)?.lines).toEqual(run.lines)
})

test('a line that was being written is left out, and does not spoil the next one', () => {
  const run = createRun(folder, planOf())
  run.add(visitOf({ peer: 'tutti', round: 1 }))
  appendFileSync(run.path, '{"kind":"visit","browser":"chrom')

  const again = findWholeRun(folder)
  again?.add(visitOf({ peer: 'dexie', round: 1 }))
  expect(again?.lines).toHaveLength(3)
  expect(findWholeRun(folder)?.lines).toEqual(again?.lines)
  expect(readFileSync(run.path, 'utf8').trimEnd().split('\n')).toHaveLength(3)
})

test('a part measured since is no run of everything', () => {
  const whole = createRun(folder, planOf())
  createRun(join(folder, 'elsewhere'), planOf())
  expect(findWholeRun(join(folder, 'nothing'))).toBeUndefined()
  expect(findWholeRun(folder)?.path).toBe(whole.path)
  const part = mkdtempSync(join(folder, 'part-'))
  createRun(part, planOf({ whole: false }))
  expect(findWholeRun(part)).toBeUndefined()
})

test('more rounds are a plan that follows the first', () => {
  const run = createRun(folder, planOf({ rounds: 2 }))
  run.add({ ...run.plan, rounds: 5 })
  expect(findWholeRun(folder)?.plan.rounds).toBe(5)
})
