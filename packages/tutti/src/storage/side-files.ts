/** A file beside a database: a backup, a part of what was set aside as damaged, or a marker. */
export interface SideFile {
  readonly name: string
  /** Bytes. */
  readonly size: number
}

/**
 * The files beside one database, on the same rung. None of them is ever open for long, and no name of one
 * is a database's: who lists databases does not see them.
 */
export interface SideFiles {
  /** Complete files, by name. */
  list(): Promise<readonly SideFile[]>
  /** @throws {DOMException} `NotFoundError` */
  read(name: string): Promise<Blob>
  /**
   * Writes a file: durable and complete under its name, or not there at all. Replaces one of that name.
   * `pause` is awaited between two pieces, for callers who have others to answer meanwhile.
   * @throws DeviceFullError where it does not fit, or the storage's own error.
   */
  write(name: string, pieces: readonly Uint8Array<ArrayBuffer>[], pause?: () => Promise<void>): Promise<void>
  /** Removes a file; one that is not there is no error. */
  remove(name: string): Promise<void>
}
