export { listenToMarks, MARKS, type Mark } from '../../src/platform/marks.ts'
export { runCluster } from './cluster-run.ts'
