import { count, type Infer, object, text } from '../schema.ts'

/**
 * On the hello channel, whose name and shape never change: any two builds understand it (R4). `proto` is the
 * protocol's major, `build` Tutti's version, `schema` how many migrations the tab's build of the app knows.
 */
export type Hello = Infer<typeof helloSchema>

export const helloSchema = object({ proto: count, build: text, schema: count })
