import { type Infer, object, time } from '../schema.ts'

/** A moment in two clocks; it is over when the first of them says so. */
export type Until = Infer<typeof untilSchema>

export const untilSchema = object({ mono: time, wall: time })
