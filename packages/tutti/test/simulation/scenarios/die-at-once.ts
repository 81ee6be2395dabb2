import type { Engine } from '../../../src/primary/engine.ts'
import { overriding } from '../slow-engine.ts'
import type { Stage } from './stage.ts'

/** The next primary to call `method` dies in it, before or after it has done its work. Tells how many died. */
export function dieAtOnce(
  stage: Stage,
  method: 'commit' | 'execute' | 'inTransaction',
  moment: 'before' | 'after',
): () => number {
  let deaths = 0
  stage.world.shared.wrapEngine = (engine, context) => {
    const dying =
      <Args extends unknown[], Result>(work: (...args: Args) => Result) =>
      (...args: Args): Result => {
        if (deaths > 0) return work(...args)
        deaths++
        if (moment === 'before') context.kill()
        const result = work(...args)
        context.kill()
        return result
      }
    const methods: Partial<Engine> = {
      [method]: dying((engine[method] as (...args: unknown[]) => unknown).bind(engine)),
    }
    return overriding(engine, methods)
  }
  return () => deaths
}
