import { ParameterError } from '../errors/errors.ts'

export type ImportSource = Blob | Uint8Array | ReadableStream<Uint8Array>

/**
 * All bytes of a file to import, in a buffer of its own, which may be transferred. Synchronous where the
 * bytes are there, so that the import keeps its place among the calls.
 *
 * @throws {ParameterError} for anything else
 */
export function readImport(source: ImportSource): Uint8Array<ArrayBuffer> | Promise<Uint8Array<ArrayBuffer>> {
  if (source instanceof Uint8Array) return new Uint8Array(source)
  if (source instanceof Blob || source instanceof ReadableStream) return readAll(source)
  throw new ParameterError('import() takes a Blob, a Uint8Array or a ReadableStream of bytes.')
}

async function readAll(source: Blob | ReadableStream<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  // A Response collects a stream as well as a Blob, and refuses chunks that are no bytes.
  return new Uint8Array(await new Response(source as BodyInit).arrayBuffer())
}
