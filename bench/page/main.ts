import { peerNamed } from '../peers/list.ts'
import { createPageBench } from './page-bench.ts'

const name = new URL(location.href).searchParams.get('peer') ?? ''
window.benchReady = peerNamed(name)
  .load()
  .then((open) => {
    window.bench = createPageBench(open)
  })
