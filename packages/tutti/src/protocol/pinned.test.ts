import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { LEDGER_TABLE } from '../primary/ledger.ts'
import { META_TABLES } from '../primary/meta.ts'
import { MIGRATION_TABLE } from '../primary/migrations.ts'
import { electionSchema, everyoneSchema, helloSchema, toMemberSchema, toPrimarySchema } from './messages.ts'
import { PROTOCOL, PROTOCOL_FLOOR } from './version.ts'

/**
 * What each protocol's messages and tables look like: a new line for each `PROTOCOL`. Once a release has it,
 * a line changes only by what that release may ignore: a key that it lets pass, a call that it leaves
 * unanswered and whose asker does not rely on it.
 */
const PINNED: Readonly<Record<number, { readonly messages: string; readonly tables: string }>> = {
  1: { messages: 'd7a8b0764b8a0277', tables: '010a7cd2c2d0ce88' },
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 16)
}

test('R4 P7 the messages between tabs are those of this PROTOCOL', () => {
  const messages = hashOf([everyoneSchema.form, toPrimarySchema.form, toMemberSchema.form])
  expect(
    messages,
    'A message changed, and tabs of the last release cannot read it, or you theirs: raise PROTOCOL in ' +
      `protocol/version.ts, and pin { messages: '${messages}' } for it here.`,
  ).toBe(PINNED[PROTOCOL]?.messages)
})

test('R4.1 P7 Tutti’s own tables are those of this PROTOCOL', () => {
  const spaceless = [META_TABLES, LEDGER_TABLE, MIGRATION_TABLE].map((sql) => sql.replace(/\s+/g, ' ').trim())
  const tables = hashOf(spaceless)
  expect(
    tables,
    'Tutti’s own tables changed: raise PROTOCOL in protocol/version.ts, and PROTOCOL_FLOOR where a build before ' +
      `it would misread them; then pin { tables: '${tables}' } for it here.`,
  ).toBe(PINNED[PROTOCOL]?.tables)
  expect(PROTOCOL_FLOOR).toBeLessThanOrEqual(PROTOCOL)
})

test('R4 hello is frozen, and so is what older protocols hear of the election', () => {
  expect(helloSchema.form).toEqual({ object: { build: 'text', proto: 'count', schema: 'count' } })
  expect(electionSchema.form).toEqual({
    type: {
      announce: {
        object: {
          epoch: 'count',
          host: 'text',
          incarnation: 'text',
          primary: 'text',
          reign: 'count',
          storage: ['"indexeddb"', '"memory"', '"opfs"'],
        },
      },
      candidate: { object: { member: 'text' } },
      who: { object: { member: 'text' } },
    },
  })
})
