import type { Pointer } from './exports.ts'
import { CANTOPEN, IOERR, IOERR_READ, IOERR_SHORT_READ, IOERR_WRITE, NOTFOUND, OK } from './result-codes.ts'
import type { Sqlite } from './sqlite.ts'
import { SqliteFailure } from './sqlite-failure.ts'

/**
 * One open file as SQLite uses it. Methods return result codes. What they throw becomes an I/O error:
 * nothing may be thrown through wasm.
 */
export interface VfsFile {
  /** Fills `into` from offset `at`; returns how many bytes there were, the rest is zeroed for SQLite. */
  read(into: Uint8Array, at: number): number
  /** Returns a result code. `from` is a view of the heap: copy what is kept. */
  write(from: Uint8Array, at: number): number
  truncate(size: number): number
  sync(): number
  size(): number
  close(): void
  /** `SQLITE_FCNTL_…`: a result code, or `undefined` for "not mine". */
  control?(operation: number): number | undefined
}

/** What a VFS does with names. */
export interface VfsFiles {
  /** `name` is `null` for a temporary file. `undefined` where there is no such file. */
  open(name: string | null, flags: number): VfsFile | undefined
  exists(name: string): boolean
  delete(name: string): void
}

/** `SQLITE_IOCAP_…`: 4 KiB writes are atomic enough not to harm bytes around them; files are not shared. */
const CHARACTERISTICS = 0x1000 /* POWERSAFE_OVERWRITE */ | 0x800 /* UNDELETABLE_WHEN_OPEN */
const SECTOR_SIZE = 4096
const FCNTL_PERSIST_WAL = 10
const LONGEST_NAME = 512

/** Registers `files` as the VFS called `name`; the returned function takes it away again. */
export function installVfs(sqlite: Sqlite, name: string, files: VfsFiles): () => void {
  const { capi } = sqlite.library
  const open = new Map<Pointer, VfsFile>()
  const io = new capi.sqlite3_io_methods()
  const vfs = new capi.sqlite3_vfs()
  // Version 1: no shared memory, hence no second connection; WAL works in exclusive locking mode only.
  Object.assign(io, { $iVersion: 1 })
  vfs.$iVersion = 2
  // A sqlite3_file of ours is the address of its methods and nothing more.
  vfs.$szOsFile = 8
  vfs.$zName = sqlite.allocText(name)
  vfs.$mxPathname = LONGEST_NAME

  const withFile = (file: Pointer, failure: number, use: (target: VfsFile) => number): number => {
    const target = open.get(file)
    if (target === undefined) return IOERR
    try {
      return use(target)
    } catch {
      return failure
    }
  }

  io.installMethods({
    xClose: (file: Pointer) =>
      withFile(file, IOERR, (target) => {
        open.delete(file)
        target.close()
        return OK
      }),
    xRead: (file: Pointer, buffer: Pointer, length: number, at: bigint) =>
      withFile(file, IOERR_READ, (target) => {
        const into = sqlite.heap.subarray(buffer, buffer + length)
        const count = target.read(into, Number(at))
        if (count === length) return OK
        into.fill(0, count)
        return IOERR_SHORT_READ
      }),
    xWrite: (file: Pointer, buffer: Pointer, length: number, at: bigint) =>
      withFile(file, IOERR_WRITE, (target) =>
        target.write(sqlite.heap.subarray(buffer, buffer + length), Number(at)),
      ),
    xTruncate: (file: Pointer, size: bigint) =>
      withFile(file, IOERR, (target) => target.truncate(Number(size))),
    xSync: (file: Pointer) => withFile(file, IOERR, (target) => target.sync()),
    xFileSize: (file: Pointer, out: Pointer) =>
      withFile(file, IOERR, (target) => {
        const size = BigInt(target.size())
        sqlite.view.setBigInt64(out, size, true)
        return OK
      }),
    // The lock that counts is the Web Lock of the primary: whoever has the file has it alone.
    xLock: () => OK,
    xUnlock: () => OK,
    xCheckReservedLock: (_file: Pointer, out: Pointer) => {
      sqlite.view.setInt32(out, 0, true)
      return OK
    },
    xFileControl: (file: Pointer, operation: number, argument: Pointer) =>
      withFile(file, IOERR, (target) => {
        if (operation === FCNTL_PERSIST_WAL) {
          sqlite.view.setInt32(argument, 1, true)
          return OK
        }
        return target.control?.(operation) ?? NOTFOUND
      }),
    xSectorSize: () => SECTOR_SIZE,
    xDeviceCharacteristics: () => CHARACTERISTICS,
  })
  vfs.installMethods({
    xOpen: (_vfs: Pointer, path: Pointer, file: Pointer, flags: number, outFlags: Pointer) => {
      try {
        const target = files.open(path === 0 ? null : sqlite.text(path), flags)
        if (target === undefined) return CANTOPEN
        open.set(file, target)
        // The first word of a sqlite3_file is the address of its methods.
        sqlite.view.setUint32(file, io.pointer, true)
        if (outFlags !== 0) sqlite.view.setInt32(outFlags, flags, true)
        return OK
      } catch {
        return CANTOPEN
      }
    },
    xDelete: (_vfs: Pointer, path: Pointer) => {
      try {
        files.delete(sqlite.text(path))
        return OK
      } catch {
        return IOERR
      }
    },
    xAccess: (_vfs: Pointer, path: Pointer, _flags: number, out: Pointer) => {
      const found = files.exists(sqlite.text(path))
      sqlite.view.setInt32(out, found ? 1 : 0, true)
      return OK
    },
    xFullPathname: (_vfs: Pointer, path: Pointer, length: number, out: Pointer) => {
      const heap = sqlite.heap
      let end = path
      while (heap[end] !== 0) end++
      if (end - path >= length) return CANTOPEN
      heap.copyWithin(out, path, end + 1)
      return OK
    },
    xRandomness: (_vfs: Pointer, length: number, out: Pointer) => {
      crypto.getRandomValues(sqlite.heap.subarray(out, out + length))
      return length
    },
    xSleep: () => 0,
    xCurrentTime: (_vfs: Pointer, out: Pointer) => {
      sqlite.view.setFloat64(out, julianMilliseconds() / 86_400_000, true)
      return OK
    },
    xCurrentTimeInt64: (_vfs: Pointer, out: Pointer) => {
      sqlite.view.setBigInt64(out, BigInt(julianMilliseconds()), true)
      return OK
    },
    xGetLastError: () => 0,
  })
  const code = capi.sqlite3_vfs_register(vfs.pointer, 0)
  if (code !== OK) throw new SqliteFailure(code, `SQLite does not take the VFS ${name}`)

  return () => {
    capi.sqlite3_vfs_unregister(vfs.pointer)
    sqlite.free(vfs.$zName)
    vfs.dispose()
    io.dispose()
  }
}

/** Milliseconds since noon in Greenwich on November 24, 4714 B.C., which is how SQLite counts days. */
function julianMilliseconds(): number {
  return Date.now() + 210_866_760_000_000
}
