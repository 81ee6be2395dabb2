import { entityKind } from 'drizzle-orm'
import { RemotePreparedQuery } from 'drizzle-orm/sqlite-proxy'
import type { SqlValue } from '../../index.ts'

/** Drizzle's prepared query, which also maps one row by itself. */
export class TuttiPreparedQuery extends RemotePreparedQuery {
  static override readonly [entityKind]: string = 'TuttiPreparedQuery'
  /** What its rows call their values: drizzle's SQL does not say it, so that of two queries may be equal. */
  readonly names: string

  constructor(...parts: ConstructorParameters<typeof RemotePreparedQuery>) {
    super(...parts)
    const fields = parts[6]
    this.names = JSON.stringify(fields?.map(({ path }) => path) ?? null)
  }

  /** A row as `all()` would give it. */
  mapRow(values: readonly SqlValue[]): unknown {
    const mapped = this.mapAllResult([values])
    // A relational query for one row gives no list.
    return Array.isArray(mapped) ? mapped[0] : mapped
  }
}
