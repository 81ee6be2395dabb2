import { PGlite } from '@electric-sql/pglite'
import { worker } from '@electric-sql/pglite/worker'

void worker({
  init: async ({ dataDir }) =>
    PGlite.create({ ...(dataDir !== undefined && { dataDir }), relaxedDurability: false }),
})
