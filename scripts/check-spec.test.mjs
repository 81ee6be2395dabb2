import { describe, expect, it } from 'vitest'
import { citationsOf, compare, rulesOf } from './check-spec.mjs'

const spec = `
# SPEC
P1 is mentioned here, which defines nothing.
## P1 One database
- **P1.1** Reads see it.
- **P1.2** Live queries, too. (later: live queries)
- R14: the ledger.
| R15 | expiry |
`

describe('the coverage of SPEC.md', () => {
  it('finds rules in headings, lists and tables, and what is for later', () => {
    expect(rulesOf(spec)).toEqual([
      { id: 'P1', later: undefined },
      { id: 'P1.1', later: undefined },
      { id: 'P1.2', later: 'live queries' },
      { id: 'R14', later: undefined },
      { id: 'R15', later: undefined },
    ])
  })

  it('finds ids in titles only, whatever quotes and modifiers they have', () => {
    const source = [
      "describe('P1: one database', () => {",
      '  // R99 in a comment',
      "  it.each([[1], [2]])('R14 keeps %i', () => { expect('R98').toBe('R98') })",
      '  test(`P1.1, R15: sees ${it}`, async () => {})',
      "  it('has no PR7 or R2D2', () => {})",
    ].join('\n')
    expect(citationsOf(source)).toEqual(['P1', 'R14', 'P1.1', 'R15'])
  })

  it('is content when every rule is quoted or for later', () => {
    const citations = new Map([['a.test.ts', ['P1', 'P1.1', 'R14', 'R15']]])
    expect(compare(rulesOf(spec), citations)).toEqual({
      problems: [],
      exempt: ['P1.2 comes later: live queries'],
    })
  })

  it('fails on a rule without a test, an unknown id, a doubled rule and an empty SPEC', () => {
    expect(compare([{ id: 'R1', later: undefined }], new Map()).problems).toEqual(['R1 has no test'])
    expect(compare([], new Map([['a.test.ts', ['R9']]])).problems).toEqual([
      'SPEC.md has no rules',
      'a.test.ts quotes R9, which SPEC.md does not have',
    ])
    const twice = [
      { id: 'R1', later: 'x' },
      { id: 'R1', later: 'x' },
    ]
    expect(compare(twice, new Map()).problems).toEqual(['SPEC.md gives one id to two rules'])
  })
})
