import { expect, test } from 'vitest'
import { cloneMessage } from './clone-message.ts'

test('a message is cloned as structuredClone does it, and what that refuses is refused', () => {
  const shared = new Uint8Array([9, 1, 2, 9])
  const message = {
    type: 'x',
    none: null,
    missing: undefined,
    big: 12n,
    list: [1, ['two', { three: 3 }]],
    bytes: new Uint8Array([1, 2]),
    view: shared.subarray(1, 3),
    numbers: new Uint32Array([1, 2, 3]),
    names: new Set(['a']),
    error: new RangeError('far'),
  }
  const copy = cloneMessage(message)
  expect(copy).toEqual(structuredClone(message))
  expect(copy.view.byteOffset).toBe(1)
  message.list.push(4)
  message.bytes[0] = 7
  expect(copy).toMatchObject({ list: [1, ['two', { three: 3 }]], bytes: new Uint8Array([1, 2]) })
  for (const value of [() => 1, Symbol('x')]) {
    expect(() => cloneMessage({ list: [value] })).toThrow(expect.objectContaining({ name: 'DataCloneError' }))
  }
})
