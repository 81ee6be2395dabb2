import { expect, it } from 'vitest'
import { judgeHistory } from './judge-history.mjs'

const asked = { t: 1, tab: 'A', op: 'write', id: 'A-0', kind: 'invoke', request: 'r1' }
const answered = { t: 2, tab: 'A', op: 'write', id: 'A-0', kind: 'ok', version: 2 }
const entry = { id: 1, request: 'r1', tab: 'A', epoch: 1, reads: null, writes: null }

/** @param {readonly object[]} lines */
const asFile = (lines) => lines.map((line) => `${JSON.stringify(line)}\n`).join('')

it('judges the file that a failing test left', async () => {
  const good = asFile([asked, answered, { kind: 'end', living: ['A'], log: [entry] }])
  expect((await judgeHistory(good)).violations).toEqual([])
  const bad = asFile([asked, answered, { kind: 'end', living: ['A'], log: [] }])
  expect((await judgeHistory(bad)).violations).toMatchObject([{ kind: 'lost-write' }])
})
