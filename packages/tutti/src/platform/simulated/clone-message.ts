/**
 * What `structuredClone` makes of a message, several times as quickly for what messages are made of: plain
 * objects, arrays and whole typed arrays. Everything else is left to it, also to be refused.
 */
export function cloneMessage<Message>(message: Message): Message {
  return clone(message) as Message
}

function clone(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) {
    return typeof value === 'function' || typeof value === 'symbol' ? structuredClone(value) : value
  }
  if (Array.isArray(value)) return value.map(clone)
  if (value instanceof Uint8Array && value.length === value.buffer.byteLength) return value.slice()
  if (Object.getPrototypeOf(value) !== Object.prototype) return structuredClone(value)
  const copy: Record<string, unknown> = {}
  for (const key of Object.keys(value)) copy[key] = clone((value as Record<string, unknown>)[key])
  return copy
}
