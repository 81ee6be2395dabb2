import type { Tune } from '../peer.ts'
import { makeTunes, TUNES } from '../tunes.ts'
import { answerAsks } from './answer-asks.ts'

const tunes = new Map<number, Tune>()

answerAsks({
  open: () => {
    for (const tune of makeTunes(1, TUNES)) tunes.set(tune.id, tune)
  },
  write: (tune: Tune) => void tunes.set(tune.id, tune),
  read: (id: number) => tunes.get(id),
  readMany: (after: number, count: number) =>
    Array.from({ length: count }, (_, index) => tunes.get(after + 1 + index)),
})
