import { DeviceFullError, isQuotaError } from './checked-io.ts'

const COPY_CHUNK = 1024 * 1024

export function isNamed(error: unknown, name: string): boolean {
  return error instanceof Object && (error as { name?: unknown }).name === name
}

/** The answer of the file system, `undefined` where it says that there is no such entry. */
export async function ifFound<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (isNamed(error, 'NotFoundError')) return undefined
    throw error
  }
}

/** Removes a file; one that is not there is no error. */
export async function removeFile(folder: FileSystemDirectoryHandle, name: string): Promise<void> {
  await ifFound(folder.removeEntry(name))
}

/** Writes a whole file, flushes it, and reads it back: browsers have taken bytes without keeping them. */
export async function writeFile(
  folder: FileSystemDirectoryHandle,
  name: string,
  pieces: readonly Uint8Array<ArrayBuffer>[],
  pause: () => Promise<void>,
): Promise<FileSystemFileHandle> {
  const file = await folder.getFileHandle(name, { create: true })
  const handle = await file.createSyncAccessHandle()
  try {
    handle.truncate(0)
    let at = 0
    for (const piece of pieces) {
      writePiece(handle, piece, at)
      at += piece.length
      await pause()
    }
    handle.flush()
    if (handle.getSize() !== at) throw new Error(`${name} is not complete`)
    await compare(handle, pieces, pause)
  } finally {
    handle.close()
  }
  return file
}

/** Not every browser can rename; a copy is compared in length before its original goes. Replaces `to`. */
export async function moveFile(
  folder: FileSystemDirectoryHandle,
  file: FileSystemFileHandle,
  to: string,
): Promise<void> {
  const movable = file as FileSystemFileHandle & { move?(name: string): Promise<void> }
  if (movable.move !== undefined) return movable.move(to)
  const source = await file.createSyncAccessHandle()
  try {
    const target = await (await folder.getFileHandle(to, { create: true })).createSyncAccessHandle()
    try {
      copyContent(source, target)
    } finally {
      target.close()
    }
  } finally {
    source.close()
  }
  await folder.removeEntry(file.name)
}

function writePiece(handle: FileSystemSyncAccessHandle, piece: Uint8Array<ArrayBuffer>, at: number): void {
  let count: number
  try {
    count = handle.write(piece, { at })
  } catch (error) {
    if (isQuotaError(error)) throw new DeviceFullError('The quota is exhausted', error)
    throw error
  }
  if (count !== piece.length) throw new DeviceFullError(`Storage took ${count} of ${piece.length} bytes`)
}

async function compare(
  handle: FileSystemSyncAccessHandle,
  pieces: readonly Uint8Array[],
  pause: () => Promise<void>,
): Promise<void> {
  let at = 0
  for (const piece of pieces) {
    const kept = new Uint8Array(piece.length)
    const count = handle.read(kept, { at })
    if (count !== piece.length || kept.some((byte, i) => byte !== piece[i])) {
      throw new Error('The storage does not hold what it took')
    }
    at += piece.length
    await pause()
  }
}

function copyContent(source: FileSystemSyncAccessHandle, target: FileSystemSyncAccessHandle): void {
  const chunk = new Uint8Array(COPY_CHUNK)
  const size = source.getSize()
  target.truncate(0)
  for (let at = 0; at < size; at += COPY_CHUNK) {
    const count = source.read(chunk, { at })
    if (target.write(chunk.subarray(0, count), { at }) !== count)
      throw new Error('There is no room for a copy')
  }
  target.flush()
  if (target.getSize() !== size) throw new Error('The copy is not complete')
}
