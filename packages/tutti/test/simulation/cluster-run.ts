import { drawScript } from './draw-script.ts'
import { type Finding, runScript } from './run-script.ts'
import { type Script, tell } from './script.ts'
import { shrink } from './shrink.ts'

/** The run of a seed; throws with what is wrong, and the smallest script that was found to show it. */
export async function runCluster(seed: number, { attempts = 300 } = {}): Promise<{ events: number }> {
  const script = drawScript(seed)
  let events = 0
  const finding = await runScript(script, {
    inspect: ({ world }) => {
      events = world.simulation.trace.entries.length
    },
  })
  if (finding !== undefined) throw new Error(await explain(script, finding, attempts))
  return { events }
}

/** A run like this one: whether it does wrong in one of the same ways. */
export function sameAs(
  finding: Finding,
  run: (script: Script) => Promise<Finding | undefined>,
): (script: Script) => Promise<boolean> {
  return async (script) => {
    const other = await run(script)
    return other?.kinds.some((kind) => finding.kinds.includes(kind)) === true
  }
}

async function explain(script: Script, finding: Finding, attempts: number): Promise<string> {
  const smallest = await shrink(
    script,
    sameAs(finding, (each) => runScript(each)),
    attempts,
  )
  const last = await runScript(smallest)
  return [
    finding.report.split('\n')[0],
    `The smallest script that shows it, of ${attempts} attempts:`,
    tellAndReport(smallest, last),
    JSON.stringify(smallest),
  ].join('\n')
}

function tellAndReport(script: Script, finding: Finding | undefined): string {
  return `${tell(script)}\n${finding?.report ?? 'It does not fail again.'}`
}
