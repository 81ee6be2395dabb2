import { pageBench } from './page-bench.ts'

window.bench = pageBench
document.body.dataset['ready'] = 'true'
