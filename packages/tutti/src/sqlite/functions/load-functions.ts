import { FunctionsFailedError } from '../../errors/errors.ts'
import type { SqlFunctions } from '../../protocol/functions.ts'
import { checkFunctions } from './check-functions.ts'

/**
 * Imports the app's module of functions.
 * @throws FunctionsFailedError where it cannot be loaded, throws, or exports what cannot be used
 */
export async function loadFunctions(url: string): Promise<SqlFunctions> {
  let module: unknown
  try {
    // The app serves it: no bundler is to look for it in this package.
    module = await import(/* @vite-ignore */ /* webpackIgnore: true */ url)
  } catch (cause) {
    throw new FunctionsFailedError(
      `The module of 'functions' could not be loaded from ${url}: ${String(cause)}. It must be served as ` +
        "JavaScript, and a Content-Security-Policy's script-src must allow it.",
      { outcome: 'not-applied', cause },
    )
  }
  return checkFunctions(module)
}
