import { peerNamed } from '../peers/list.ts'
import { createPageBench } from './page-bench.ts'

const name = new URL(location.href).searchParams.get('peer') ?? ''
window.bench = createPageBench(await peerNamed(name).load())
document.body.dataset['ready'] = 'true'
