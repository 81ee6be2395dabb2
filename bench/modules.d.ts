declare module '*.wasm?url' {
  const url: string
  export default url
}

// The package has no types for these two.
declare module '@journeyapps/wa-sqlite/src/examples/OPFSCoopSyncVFS.js' {
  export const OPFSCoopSyncVFS: import('./peers/workers/wa-sqlite-vfs.ts').VfsClass
}
declare module '@journeyapps/wa-sqlite/src/examples/OPFSWriteAheadVFS.js' {
  export const OPFSWriteAheadVFS: import('./peers/workers/wa-sqlite-vfs.ts').VfsClass
}
