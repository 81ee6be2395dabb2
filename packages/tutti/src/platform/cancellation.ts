import type { Clock } from './platform.ts'

/** How often a running statement looks whether its signal was aborted, ms. */
const LOOK_EVERY = 50

/**
 * A check for a progress handler: whether the call's signal was aborted meanwhile. A worker inside a
 * statement hears no messages; but it can ask synchronously for a blob URL, which the page revokes on
 * abort, and the browser itself when the page dies.
 */
export function createCancelCheck(
  clock: Clock,
  isRevoked: (url: string) => boolean,
  url: string | undefined,
): () => boolean {
  let lookedAt = clock.mono()
  return () => {
    if (url === undefined || clock.mono() - lookedAt < LOOK_EVERY) return false
    lookedAt = clock.mono()
    return isRevoked(url)
  }
}

/** True when `url`, a blob URL, does not resolve any more. For dedicated workers only: it blocks. */
export function isRevokedBlobUrl(url: string): boolean {
  const request = new XMLHttpRequest()
  try {
    request.open('GET', url, false)
    request.send()
    return request.status !== 200
  } catch {
    return true
  }
}
