import type { StatementCall } from '../protocol/call.ts'
import type { Param, Params } from '../protocol/values.ts'
import type { Device } from '../storage/device.ts'

const AT_ONCE = 64 * 1024
/** What each lane is multiplied with. */
const A = 0x01000193
const B = 0x5bd1e995

/**
 * 64 bits that tell one call from another: two lanes of FNV-1a (Fowler, Noll, Vo) with different
 * starts, mixed at the end. Not cryptographic: it finds a request id used twice by mistake, and an edited
 * migration, not a forged one.
 */
class Fingerprint {
  #a = 0x811c9dc5
  #b = 0x2f8c1b53

  text(text: string): this {
    this.#word(text.length)
    // In locals: every character of every parameter comes through here.
    let a = this.#a
    let b = this.#b
    for (let i = 0; i < text.length; i++) {
      const word = text.charCodeAt(i)
      a = Math.imul(a ^ word, A)
      b = Math.imul(b ^ word ^ (b >>> 15), B)
    }
    this.#a = a
    this.#b = b
    return this
  }

  bytes(bytes: Uint8Array): this {
    return this.length(bytes.length).more(bytes)
  }

  length(length: number): this {
    this.#word(length)
    return this
  }

  more(bytes: Uint8Array): this {
    for (const byte of bytes) this.#word(byte)
    return this
  }

  digest(): string {
    const hex = (lane: number) => mix(lane).toString(16).padStart(8, '0')
    return hex(this.#a ^ (this.#b >>> 7)) + hex(this.#b ^ (this.#a << 3))
  }

  #word(word: number): void {
    this.#a = Math.imul(this.#a ^ word, A)
    this.#b = Math.imul(this.#b ^ word ^ (this.#b >>> 15), B)
  }
}

/** What the ledger keeps of a call, to notice when its request id is used for another one. */
export function fingerprintOfCall(call: StatementCall): string {
  const print = new Fingerprint().text(call.op)
  switch (call.op) {
    case 'statement':
      addParams(print.text(call.sql).text(call.rows), call.params)
      break
    case 'script':
      print.text(call.sql)
      break
    case 'batch':
      for (const { sql, params } of call.statements) addParams(print.text(sql), params)
      break
    default:
      return call satisfies never
  }
  return print.digest()
}

export function fingerprintOfText(text: string): string {
  return new Fingerprint().text(text).digest()
}

/** The same as of its bytes at once. */
export function fingerprintOfDevice(device: Pick<Device, 'read' | 'size'>, onProgress: () => void): string {
  const print = new Fingerprint().length(device.size())
  const bytes = new Uint8Array(AT_ONCE)
  for (let at = 0; at < device.size(); at += AT_ONCE) {
    print.more(bytes.subarray(0, device.read(bytes, at)))
    onProgress()
  }
  return print.digest()
}

function addParams(print: Fingerprint, params: Params | undefined): void {
  if (params === undefined) return
  if (isPositional(params)) {
    for (const param of params) addParam(print, param)
    return
  }
  for (const key of Object.keys(params).toSorted()) addParam(print.text(key), params[key] ?? null)
}

function addParam(print: Fingerprint, param: Param): void {
  if (param instanceof Uint8Array) print.text('bytes').bytes(param)
  else print.text(typeof param).text(Object.is(param, -0) ? '-0' : String(param))
}

function isPositional(params: Params): params is readonly Param[] {
  return Array.isArray(params)
}

/** Spreads each bit over all others (the finish of MurmurHash3, Austin Appleby, public domain). */
function mix(lane: number): number {
  let h = lane ^ (lane >>> 16)
  h = Math.imul(h, 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
