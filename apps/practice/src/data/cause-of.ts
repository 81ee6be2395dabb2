import { DrizzleQueryError } from 'drizzle-orm'

/** What an error is about: drizzle wraps the library's own, which has the code and what to do. */
export function causeOf(error: unknown): unknown {
  return error instanceof DrizzleQueryError ? error.cause : error
}
