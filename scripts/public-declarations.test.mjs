import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { publicDeclarations } from './public-declarations.mjs'

const files = {
  'index.d.ts': `export { open } from './page/open.ts'\nexport * from './errors.ts'`,
  'errors.d.ts': '/** Its meaning. */\nexport declare class AppError extends Error {\n}\nexport {};\n',
  'page/open.d.ts': `import type { Blob } from 'elsewhere'
import type { Handle as Given, Unused } from './handle.ts'
export declare function open(name: Blob): Given
export declare function inner(): void`,
  'page/handle.d.ts': `import type { Secret } from './secret.ts'
export declare class Handle { constructor(secret: Secret); run(given: Options): void }
interface Options { readonly timeout: number }
export interface Unused {}`,
  'page/secret.d.ts': 'export interface Secret {}',
}

describe('the declarations that a user can name', () => {
  /** @type {string} */
  let folder

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tutti-api-'))
    await mkdir(join(folder, 'page'))
    await Promise.all(Object.entries(files).map(([file, text]) => writeFile(join(folder, file), text)))
  })

  afterEach(() => rm(folder, { recursive: true }))

  it('are those of the entry and what they mention, without comments, and not what constructors take', () => {
    const found = publicDeclarations([join(folder, 'index.d.ts')])
    expect([...found.keys()].map((key) => key.slice(folder.length + 1)).sort()).toEqual([
      'errors.d.ts#AppError',
      'page/handle.d.ts#Handle',
      'page/handle.d.ts#Options',
      'page/open.d.ts#open',
    ])
    expect(found.get(join(folder, 'errors.d.ts#AppError'))).toBe(
      'export declare class AppError extends Error {\n}',
    )
  })
})
