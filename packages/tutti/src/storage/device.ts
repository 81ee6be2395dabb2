/**
 * One file as storage gives it: bytes at offsets, synchronous. A device reports what the platform
 * reported: it may throw, and counts may be short or absurd (OPFS under quota returns 4294967288).
 * The caller checks every count; {@link readFully} and {@link writeFully} do.
 */
export interface Device {
  /** Copies bytes from offset `at` into `into`; returns how many: fewer at the end of the file. */
  read(into: Uint8Array, at: number): number
  /** Writes all of `from` at offset `at`, growing the file as needed; returns how many bytes were taken. */
  write(from: Uint8Array, at: number): number
  /** Cuts the file to `size` bytes, or extends it with zeros. */
  truncate(size: number): void
  size(): number
  /** Returns when everything written is safe from a power cut, where the device can say so. */
  flush(): void
  close(): void
}
