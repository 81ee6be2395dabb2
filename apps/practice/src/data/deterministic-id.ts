const OFFSET_BASIS = 0x6c62272e07bb014262b821756295c58dn
const PRIME = 0x0000000001000000000000000000013bn
const MASK = (1n << 128n) - 1n

/**
 * An id in the shape of a UUID (version 8, RFC 9562) that depends on its parts alone, so that two tabs
 * which make the same row give it the same id. The hash is 128-bit FNV-1a over UTF-8: synchronous, because
 * it runs inside transactions, and not for adversaries. Parts are length-prefixed, so `['a', 'bc']` and
 * `['ab', 'c']` differ.
 */
export function deterministicId(...parts: readonly string[]): string {
  const text = parts.map((part) => `${part.length}:${part}`).join('|')
  let hash = OFFSET_BASIS
  for (const byte of new TextEncoder().encode(text)) hash = ((hash ^ BigInt(byte)) * PRIME) & MASK
  const hex = hash.toString(16).padStart(32, '0')
  const variant = ((Number.parseInt(hex.charAt(16), 16) & 3) | 8).toString(16)
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-')
}
