import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { documents, fencesOf } from '../../scripts/check-fences.mjs'
import { root } from '../../scripts/run.mjs'

/** A code fence of a document. */
export interface Example {
  readonly document: string
  /** Its place among those of its document, from 1. */
  readonly n: number
  readonly language: string
  /** The file that it is: the one that its first line names, or one named for its place. */
  readonly file: string
  /** As it stands, but for the line that names the file. */
  readonly code: string
}

/** Names one example: the only one of the document that has these words in it, or in its file's name. */
export interface Place {
  readonly document: string
  readonly words: string
}

const title = /^(?:\/\/|<!--) (\S+\.\w+)(?: -->)?\n/

/** Every code fence of every document of the house, in order. */
export async function allExamples(): Promise<Example[]> {
  const all = await Promise.all((await documents()).map(examplesOf))
  return all.flat()
}

/** @throws where there is none, or more than one */
export function exampleAt(examples: readonly Example[], { document, words }: Place): Example {
  const found = examples.filter(
    (example) => example.document === document && `${example.file}\n${example.code}`.includes(words),
  )
  const [only] = found
  if (only === undefined || found.length > 1)
    throw new Error(`${found.length} code fences of ${document} have the words: ${words}`)
  return only
}

/** Writes files of an app. */
export async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)))
}

async function examplesOf(document: string): Promise<Example[]> {
  const markdown = await readFile(join(root, document), 'utf8')
  return fencesOf(markdown).map(({ language, code }, index) => ({
    document,
    n: index + 1,
    language,
    file: title.exec(code)?.[1] ?? `${index + 1}.${language}`,
    code: code.replace(title, ''),
  }))
}
