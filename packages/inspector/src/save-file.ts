import { h } from './dom.ts'

/** Offers a blob as a download. Characters that file systems refuse become `_`. */
export function saveFile(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob)
  h('a', { href: url, download: name.replaceAll(/[^\p{L}\p{N}._-]/gu, '_') }).click()
  // The click only starts the download, which still has to read the blob.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
