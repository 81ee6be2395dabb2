/** Offers a blob as a download. */
export function saveBlob(blob: Blob, name: string): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(blob)
  link.download = name
  link.click()
  // The click only starts the download, which still has to read the blob.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
}
