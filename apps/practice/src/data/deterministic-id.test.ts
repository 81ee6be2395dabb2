import { expect, it } from 'vitest'
import { deterministicId } from './deterministic-id.ts'

it('is a UUID that depends on its parts, and on where they are cut', () => {
  const id = deterministicId('queue', 'user', 'tune')
  expect(id).toMatch(/^[\da-f]{8}-[\da-f]{4}-8[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/)
  expect(deterministicId('queue', 'user', 'tune')).toBe(id)
  expect(deterministicId('queue', 'usert', 'une')).not.toBe(id)
  expect(deterministicId('queue', 'user|4:tune')).not.toBe(id)
})
