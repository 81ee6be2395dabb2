/** Bytes in a page of every Tutti database. Small pages make small deltas; the build's default is 8192. */
export const PAGE_SIZE = 4096
