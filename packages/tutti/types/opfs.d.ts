// What TypeScript's DOM library leaves out because only workers have it. Taking the whole WebWorker
// library beside DOM clashes, and two projects for one source tree would check the shared files twice.
interface FileSystemReadWriteOptions {
  at?: number
}

interface FileSystemSyncAccessHandle {
  read(buffer: AllowSharedBufferSource, options?: FileSystemReadWriteOptions): number
  write(buffer: AllowSharedBufferSource, options?: FileSystemReadWriteOptions): number
  truncate(newSize: number): void
  getSize(): number
  flush(): void
  close(): void
}

interface FileSystemFileHandle {
  createSyncAccessHandle(): Promise<FileSystemSyncAccessHandle>
}
