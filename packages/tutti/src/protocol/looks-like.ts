import type { StatementCall } from './call.ts'

const WRITES = /^\s*(insert|update|delete|replace|create|drop|alter)\b/i
const READS = /^\s*(select|values|explain)\b/i

/**
 * By its first words, for whoever cannot ask SQLite. A comment or WITH may hide either, and a PRAGMA may be either.
 */
export function looksLike(call: StatementCall): 'read' | 'write' | 'either' {
  if (call.op === 'statement' && call.readonly === true) return 'read'
  const statements = call.op === 'batch' ? call.statements : [call]
  if (statements.some(({ sql }) => WRITES.test(sql))) return 'write'
  const several = call.op === 'script' && call.sql.includes(';')
  return !several && statements.every(({ sql }) => READS.test(sql)) ? 'read' : 'either'
}
