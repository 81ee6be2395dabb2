import type { SideFile, SideFiles } from './side-files.ts'

const NAME = /^backup-(\d+)-(\d+)-([0-9a-f]+)\.sqlite3$/

/** A backup beside its database: a plain SQLite file, Tutti's own tables included. */
export interface Backup {
  readonly name: string
  /** When it was made, wall clock, ms. */
  readonly at: number
  /** The database's version. */
  readonly version: number
  /** Of the database, the first digits. */
  readonly incarnation: string
  /** Bytes. */
  readonly size: number
}

export interface NewBackup {
  /** Wall clock, ms. */
  readonly at: number
  readonly version: number
  readonly incarnation: string
  readonly pieces: readonly Uint8Array<ArrayBuffer>[]
}

/** The backups among side files, newest first. */
export function backupsIn(files: readonly SideFile[]): Backup[] {
  const backups = files.flatMap(({ name, size }) => {
    const [, at, version, incarnation] = NAME.exec(name) ?? []
    if (incarnation === undefined) return []
    return [{ name, at: Number(at), version: Number(version), incarnation, size }]
  })
  return backups.toSorted((a, b) => b.at - a.at || b.version - a.version)
}

/** Whether `backup` has this very state. */
export function isOf(backup: Backup, { incarnation, version }: Omit<NewBackup, 'at' | 'pieces'>): boolean {
  return backup.version === version && incarnation.startsWith(backup.incarnation)
}

/**
 * Keeps a backup whose content was checked, and only then removes the oldest beyond `keep`.
 * @throws DeviceFullError where it does not fit: what was there stays.
 */
export async function saveBackup(
  beside: SideFiles,
  { at, version, incarnation, pieces }: NewBackup,
  { keep, pause }: { readonly keep: number; readonly pause: () => Promise<void> },
): Promise<string> {
  const name = `backup-${at}-${version}-${incarnation.slice(0, 8)}.sqlite3`
  await beside.write(name, pieces, pause)
  const older = backupsIn(await beside.list()).filter((backup) => backup.name !== name)
  for (const backup of older.slice(keep - 1)) await beside.remove(backup.name)
  return name
}
