/** Something did not end within its bound. */
export class HangsError extends Error {
  override readonly name = 'HangsError'
}

/**
 * What `work` comes to, or a {@link HangsError} after so many ms; `work` itself is not ended.
 *
 * @throws {HangsError}
 */
export async function within<Value>(ms: number, work: Promise<Value>): Promise<Value> {
  let timer: NodeJS.Timeout | undefined
  const bound = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new HangsError(`hangs (more than ${ms / 1000} s)`)), ms)
  })
  try {
    return await Promise.race([work, bound])
  } finally {
    clearTimeout(timer)
  }
}
