import { airs } from './airs.ts'
import { carolsAndRounds } from './carols-and-rounds.ts'
import type { CatalogTune } from './catalog-tune.ts'
import { jigs } from './jigs.ts'
import { polkasSlidesAndWaltzes } from './polkas-slides-and-waltzes.ts'
import { reelsAndHornpipes } from './reels-and-hornpipes.ts'
import { songs } from './songs.ts'

/** Every tune that a new database starts with. */
export const catalog: readonly CatalogTune[] = [
  ...jigs,
  ...reelsAndHornpipes,
  ...polkasSlidesAndWaltzes,
  ...airs,
  ...songs,
  ...carolsAndRounds,
]
