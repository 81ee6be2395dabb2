import { writeFileSync } from 'node:fs'

/** Lists what was built, for the service worker. */
const listFiles = {
  name: 'list-files',
  writeBundle({ dir }, files) {
    writeFileSync(`${dir}/files.json`, JSON.stringify(['/', ...Object.keys(files)]))
  },
}

export default { plugins: [listFiles] }
