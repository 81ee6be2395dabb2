/** What a worker has of a file in OPFS; the types of the page's thread do not know it. */
export interface SyncAccess {
  write(bytes: Uint8Array<ArrayBuffer>, options: { readonly at: number }): number
  flush(): void
  close(): void
}

export async function openSyncAccess(name: string): Promise<SyncAccess> {
  const root = await navigator.storage.getDirectory()
  const file = await root.getFileHandle(name, { create: true })
  const { createSyncAccessHandle } = file as unknown as { createSyncAccessHandle(): Promise<SyncAccess> }
  return createSyncAccessHandle.call(file)
}
