import { OPFSCoopSyncVFS } from '@journeyapps/wa-sqlite/src/examples/OPFSCoopSyncVFS.js'
import { OPFSWriteAheadVFS } from '@journeyapps/wa-sqlite/src/examples/OPFSWriteAheadVFS.js'

export type VfsName = 'OPFSCoopSyncVFS' | 'OPFSWriteAheadVFS'

export interface VfsClass {
  create(name: string, module: unknown, options?: object): Promise<SQLiteVFS>
}

export const vfsClasses: Readonly<Record<VfsName, VfsClass>> = { OPFSCoopSyncVFS, OPFSWriteAheadVFS }
