import { chmod, mkdtemp, rm, statfs, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findBrowser } from '../../scripts/find-browser.mjs'
import type { TestBrowser } from './browser.ts'
import { browserPid } from './processes.ts'

/** A way to start the browser with its profile on a disk of its own. */
export interface SmallDisk {
  readonly executable: string
  /** Takes all of the disk that is left. */
  fill(browser: TestBrowser): Promise<void>
  /** Gives it back. */
  free(browser: TestBrowser): Promise<void>
  remove(): Promise<void>
}

/**
 * A browser whose profile is a file system in memory of so many MiB, mounted in a namespace of its own: it is
 * gone with the browser. That takes root, or else a kernel that lets a user have namespaces (`unshare -r`);
 * where neither is to be had the browser does not start, and says why.
 */
export async function makeSmallDisk(mebibytes: number): Promise<SmallDisk> {
  const folder = await mkdtemp(join(tmpdir(), 'tutti-disk-'))
  const executable = join(folder, 'browser.sh')
  const rights = process.getuid?.() === 0 ? '-m' : '-rm'
  await writeFile(
    executable,
    `#!/bin/sh
for argument in "$@"; do
  case "$argument" in --user-data-dir=*) profile="\${argument#--user-data-dir=}" ;; esac
done
export profile
exec unshare ${rights} sh -c '
  mount -t tmpfs -o size=${mebibytes}m tmpfs "$profile" || { echo "no small disk can be mounted here" >&2; exit 1; }
  exec "$0" "$@"' '${await findBrowser()}' "$@"
`,
  )
  await chmod(executable, 0o755)
  // Seen from outside by way of the browser's process.
  const filler = async ({ context, profile }: TestBrowser) =>
    join('/proc', String(await browserPid(context)), 'root', profile, 'filler')
  return {
    executable,
    async fill(browser) {
      const path = await filler(browser)
      const { bavail, bsize } = await statfs(join(path, '..'))
      await writeFile(path, new Uint8Array(bavail * bsize)).catch((error: NodeJS.ErrnoException) => {
        // The browser took some of it meanwhile: full it is.
        if (error.code !== 'ENOSPC') throw error
      })
    },
    async free(browser) {
      await rm(await filler(browser))
    },
    remove: () => rm(folder, { recursive: true }),
  }
}
