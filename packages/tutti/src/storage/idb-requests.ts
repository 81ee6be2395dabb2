/** The result of a request. */
export function requestOf<T>(request: IDBRequest<T>): Promise<T> {
  return unlessClosed(request.transaction?.db, (resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('An IndexedDB request failed'))
  })
}

/** The end of a transaction: resolves once it is complete, and by `durability: 'strict'` on disk. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return unlessClosed(transaction.db, (resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('An IndexedDB transaction was aborted'))
  })
}

/**
 * Rejects also when the browser ends the connection. It is to abort its transactions first; Chromium 156 tells one
 * that was begun at that moment nothing at all.
 */
function unlessClosed<T>(
  database: IDBDatabase | undefined,
  listen: (resolve: (value: T) => void, reject: (error: Error) => void) => void,
): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const closed = () => reject(new Error('The browser closed the connection to IndexedDB'))
    database?.addEventListener('close', closed)
    const settle =
      <Value>(end: (value: Value) => void) =>
      (value: Value) => {
        database?.removeEventListener('close', closed)
        end(value)
      }
    listen(settle(resolve), settle(reject))
  })
}
