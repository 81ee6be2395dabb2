/** What SQLite gives back. Integers past 2^53 come as `bigint`. */
export type InspectedValue = null | number | bigint | string | Uint8Array

export interface InspectedResult {
  readonly columns: readonly string[]
  /** In the order of `columns`. */
  readonly rows: readonly (readonly InspectedValue[])[]
  readonly changes: number
  readonly lastInsertRowid: number | bigint
  /** The version that the rows belong to. */
  readonly version: number
}

export interface InspectedStorage {
  readonly kind: string
  /** Whether the browser promised to keep it. */
  readonly persisted?: boolean | null | undefined
  /** Bytes. */
  readonly usage?: number | null | undefined
  /** Bytes. */
  readonly quota?: number | null | undefined
}

export interface InspectedMember {
  readonly tab: string
  readonly role: 'primary' | 'replica'
  readonly self: boolean
  readonly visible: boolean
  readonly url: string
  readonly title: string
  readonly build: string
  /** Migrations that this tab's build knows. */
  readonly schema: number
  readonly version: number
  readonly replica: 'ready' | 'building' | 'none'
}

export interface InspectedStatus {
  readonly tab: string
  readonly role: 'primary' | 'replica'
  readonly epoch: number
  readonly version: number
  readonly incarnation: string
  readonly primary: { readonly tab: string } | null
  readonly members: readonly InspectedMember[]
  /** Requests that wait in the primary. */
  readonly queue: number
  /** `openFor` in ms. */
  readonly transaction: { readonly tab: string; readonly openFor: number } | null
  /** Names of the Web Locks that are held. */
  readonly locks: readonly string[]
  readonly failovers: number
}

export interface InspectedCallOptions {
  /** Refuse the statement unless SQLite judges it read-only. */
  readonly readonly?: boolean
  readonly signal?: AbortSignal
  /** ms */
  readonly timeout?: number
}

/**
 * What the inspector needs of a database. A `Database` of `tutti` has all of it. The inspector never
 * closes or deletes what it shows: it belongs to who opened it.
 */
export interface InspectedDatabase {
  readonly user: string
  readonly name: string
  readonly version: number
  readonly storage: InspectedStorage
  status(): Promise<InspectedStatus>
  query(
    sql: string,
    params?: readonly InspectedValue[],
    options?: InspectedCallOptions,
  ): Promise<InspectedResult>
  /** Calls the listener once for each commit of any tab; returns a function that stops it. */
  onChange(listener: (change: { readonly version: number }) => void): () => void
  on(event: 'status' | 'outdated' | 'deleted' | 'storage', listener: () => void): () => void
  /** The database as a plain SQLite file. */
  export(): Promise<Blob>
}
