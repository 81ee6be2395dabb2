import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../scripts/run.mjs'

/** A piece of code in a document. */
export interface Fence {
  /** The file that its first line names. */
  readonly file: string | undefined
  /** As it stands, but for the line that names the file. */
  readonly code: string
}

const fence = /^```(ts|jsx?|html) *\n([\s\S]*?)^```/gm
const title = /^(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n/

/** The code of a document that a page can run: TypeScript, JavaScript and HTML, in the document's order. */
export async function fencesOf(document: string): Promise<Fence[]> {
  const markdown = await readFile(join(root, document), 'utf8')
  return [...markdown.matchAll(fence)].map(([, , text = '']) => ({
    file: title.exec(text)?.[1],
    code: text.replace(title, ''),
  }))
}

/** Writes files of an app. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)))
}
