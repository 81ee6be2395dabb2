import { proveCluster } from './prove-cluster.ts'

proveCluster('odd')
