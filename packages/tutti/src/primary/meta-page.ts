const LEAF_OF_INDEX = 0x0a
const HEADER = 8
/** `tutti_meta` has at most seven rows: a page with more than this is another table’s. */
const MOST_CELLS = 8

/** What one page of `tutti_meta` said when it was written. */
export interface MetaWords {
  readonly incarnation: string
  readonly version: number
  /** The last version that was known to be flushed when this one began. */
  readonly flushed: number
}

/** Whether a page may be one that {@link readMetaPage} reads: cheap, and never wrong about one that is. */
function maybeMetaPage(page: Uint8Array): boolean {
  return page[0] === LEAF_OF_INDEX && page[3] === 0 && (page[4] ?? 0) <= MOST_CELLS
}

/**
 * Reads a page of `tutti_meta`, which is WITHOUT ROWID and small: a single leaf of an index
 * (sqlite.org/fileformat2.html, "B-tree Pages", "Record Format"). `undefined` for any other page. It is found
 * by its content, the incarnation among it, because an import may move the table to another page.
 */
export function readMetaPage(page: Uint8Array): MetaWords | undefined {
  if (!maybeMetaPage(page)) return undefined
  const view = new DataView(page.buffer, page.byteOffset, page.length)
  const words = new Map<string, string | number>()
  try {
    for (let cell = 0; cell < view.getUint16(3); cell++) {
      const [key, value] = readCell(view, view.getUint16(HEADER + 2 * cell))
      if (typeof key === 'string' && value !== undefined) words.set(key, value)
    }
  } catch (error) {
    // An offset beyond the page: whatever this is, it is no such page.
    if (error instanceof RangeError) return undefined
    throw error
  }
  const [incarnation, version, flushed] = ['incarnation', 'version', 'flushed'].map((key) => words.get(key))
  if (typeof incarnation !== 'string' || typeof version !== 'number' || typeof flushed !== 'number')
    return undefined
  return { incarnation, version, flushed }
}

/** A record of two columns: its length, the length of its header, two serial types, two values. */
function readCell(view: DataView, at: number): (string | number | undefined)[] {
  // All lengths here are below 128, and so one byte each.
  const header = at + 1
  let next = header + view.getUint8(header)
  return [view.getUint8(header + 1), view.getUint8(header + 2)].map((type) => {
    const value = readValue(view, next, type)
    next += lengthOf(type)
    return value
  })
}

function readValue(view: DataView, at: number, type: number): string | number | undefined {
  if (type === 8 || type === 9) return type - 8
  const length = lengthOf(type)
  if (type >= 13 && type % 2 === 1) {
    return new TextDecoder().decode(new Uint8Array(view.buffer, view.byteOffset + at, length))
  }
  if (type < 1 || type > 6) return undefined
  let value = view.getInt8(at)
  for (let i = 1; i < length; i++) value = value * 256 + view.getUint8(at + i)
  return value
}

function lengthOf(type: number): number {
  if (type >= 12) return Math.floor((type - 12) / 2)
  return [0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0][type] ?? 0
}
