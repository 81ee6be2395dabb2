import { answerAsks } from './answer-asks.ts'
import { openSyncAccess, type SyncAccess } from './sync-access.ts'

const PAGE = 4096
/** Then from the beginning again, as a log that is rewound. */
const PAGES = 1000

const page = new Uint8Array(PAGE).fill(42)
let file: SyncAccess
let at = 0

answerAsks({
  open: async (name: string) => {
    file = await openSyncAccess(name)
  },
  write: () => {
    file.write(page, { at: (at++ % PAGES) * PAGE })
    file.flush()
  },
  close: () => file.close(),
})
