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

/**
 * Whether a blob URL was revoked. For dedicated workers only: it blocks. Where a Content-Security-Policy keeps
 * this worker from asking (`connect-src` without `blob:`) it is never true: a call must not end because nobody
 * could see whether it was to.
 */
export function isRevokedBlobUrl(url: string): boolean {
  return mayAsk !== false && !resolves(url) && (mayAsk ??= resolvesOwn())
}

/** Known as soon as some URL did not resolve. */
let mayAsk: boolean | undefined

/** Whether a URL resolves that certainly was not revoked. */
function resolvesOwn(): boolean {
  const url = URL.createObjectURL(new Blob())
  try {
    return resolves(url)
  } finally {
    URL.revokeObjectURL(url)
  }
}

function resolves(url: string): boolean {
  const request = new XMLHttpRequest()
  try {
    request.open('GET', url, false)
    request.send()
    return request.status === 200
  } catch {
    return false
  }
}
