/** Whether faults are caused as often as they should be once, or only as often as every run of all tests can bear. */
const whole = process.env['TUTTI_FAULTS'] === 'all'

/** How often to cause a fault: in `npm test`, and in `npm run test:faults`. */
export function times(brief: number, all: number): number {
  return whole ? all : brief
}
