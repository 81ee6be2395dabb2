import { ParameterError } from '../errors/errors.ts'
import type { Call } from '../protocol/call.ts'

export type ImportSource = Blob | Uint8Array | ReadableStream<Uint8Array>

/** The same, where nobody else can change the bytes. */
export type OwnSource = Exclude<ImportSource, Uint8Array> | Uint8Array<ArrayBuffer>

type ImportCall = Extract<Call, { readonly op: 'import' | 'import-file' }>

/** Up to here the bytes themselves are sent; beyond, a Blob, whose bytes stay with the browser. */
const SMALL = 1024 * 1024

/**
 * The call that imports a file.
 *
 * @throws {ParameterError} for anything else
 */
export async function readImport(source: OwnSource): Promise<ImportCall> {
  if (source instanceof Uint8Array) {
    return source.length > SMALL
      ? { op: 'import-file', file: new Blob([source]) }
      : { op: 'import', bytes: source }
  }
  if (source instanceof Blob)
    return source.size > SMALL ? { op: 'import-file', file: source } : readAll(source)
  if (source instanceof ReadableStream) return collect(source)
  throw new ParameterError('import() takes a Blob, a Uint8Array or a ReadableStream of bytes.')
}

async function readAll(file: Blob): Promise<ImportCall> {
  return { op: 'import', bytes: new Uint8Array(await file.arrayBuffer()) }
}

/** Makes a Blob of each bit as it comes, for the browser to keep: a stream may be larger than memory. */
async function collect(stream: ReadableStream<Uint8Array>): Promise<ImportCall> {
  const parts: Blob[] = []
  let bits: BlobPart[] = []
  let size = 0
  const pack = (): void => {
    parts.push(new Blob(bits))
    bits = []
    size = 0
  }
  const reader = stream.getReader()
  for (;;) {
    const { done, value } = await reader.read()
    if (done) break
    if (!(value instanceof Uint8Array)) {
      await reader.cancel()
      throw new ParameterError('A stream to import must give Uint8Arrays.')
    }
    bits.push(new Uint8Array(value))
    size += value.length
    if (size >= SMALL) pack()
  }
  pack()
  const file = new Blob(parts)
  return file.size > SMALL ? { op: 'import-file', file } : readAll(file)
}
