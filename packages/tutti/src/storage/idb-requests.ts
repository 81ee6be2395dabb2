/** The result of a request. */
export function requestOf<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('An IndexedDB request failed'))
  })
}

/** The end of a transaction: resolves once it is complete, and by `durability: 'strict'` on disk. */
export function completed(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve()
    transaction.onabort = () => reject(transaction.error ?? new Error('An IndexedDB transaction was aborted'))
  })
}
