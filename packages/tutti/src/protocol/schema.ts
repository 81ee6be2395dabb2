/**
 * A schema as plain data: what the pinned hashes of the messages are made of. Key order means nothing, and
 * neither does the order of alternatives.
 */
export type Form = string | { readonly [key: string]: Form } | readonly Form[]

/** A schema whose type is not of interest. */
export interface AnySchema {
  readonly form: Form
  accepts(value: unknown): boolean
}

/**
 * What a value has to be, at run time and for the compiler. Another tab may run another build, so what
 * comes from a channel is judged before anybody relies on it; nothing is copied or converted. Keys that an
 * object has beyond its schema are let pass.
 */
export interface Schema<T> extends AnySchema {
  accepts(value: unknown): value is T
  /** Never there: it keeps the compiler from taking a schema for one of a wider or narrower type. */
  readonly exactly?: (value: T) => T
}

/** The type that a schema accepts. */
export type Infer<S extends AnySchema> = S extends Schema<infer T> ? T : never

function schema<T>(form: Form, accepts: (value: unknown) => boolean): Schema<T> {
  return { form, accepts: accepts as (value: unknown) => value is T }
}

export const text: Schema<string> = schema('text', (value) => typeof value === 'string')
export const flag: Schema<boolean> = schema('flag', (value) => typeof value === 'boolean')
export const nothing: Schema<null> = schema('null', (value) => value === null)
export const bigint: Schema<bigint> = schema('bigint', (value) => typeof value === 'bigint')
/** Any number that SQLite may give or take, also one that is not finite. */
export const number: Schema<number> = schema('number', (value) => typeof value === 'number')
/** A moment or a duration, ms. */
export const time: Schema<number> = schema(
  'time',
  (value) => typeof value === 'number' && !Number.isNaN(value),
)
/** A number of things, or a place in a sequence. */
export const count: Schema<number> = schema(
  'count',
  (value) => Number.isSafeInteger(value) && Number(value) >= 0,
)
export const blob: Schema<Uint8Array> = schema('bytes', (value) => value instanceof Uint8Array)
export const bytes: Schema<Uint8Array<ArrayBuffer>> = schema('bytes', (value) => value instanceof Uint8Array)
/** A file by its handle: its bytes stay where they are. */
export const file: Schema<Blob> = schema('file', (value) => value instanceof Blob)
export const words: Schema<Uint32Array<ArrayBuffer>> = schema(
  'words',
  (value) => value instanceof Uint32Array,
)

/** One of a few fixed values. */
export function oneOf<const T extends string | true>(...values: readonly T[]): Schema<T> {
  const form = values.map((value) => JSON.stringify(value)).toSorted()
  return schema(form, (value) => (values as readonly unknown[]).includes(value))
}

export function list<T>(item: Schema<T>): Schema<readonly T[]> {
  return schema({ list: item.form }, (value) => {
    if (!Array.isArray(value)) return false
    for (const one of value) if (!item.accepts(one)) return false
    return true
  })
}

/** What `base` accepts, and of which `holds` is true; `form` tells of that in a word. */
export function where<T>(base: Schema<T>, form: string, holds: (value: T) => boolean): Schema<T> {
  return schema({ [form]: base.form }, (value) => base.accepts(value) && holds(value))
}

/** An object with any keys. */
export function record<T>(item: Schema<T>): Schema<Readonly<Record<string, T>>> {
  return schema(
    { record: item.form },
    (value) =>
      isObject(value) && !ArrayBuffer.isView(value) && Object.values(value).every((one) => item.accepts(one)),
  )
}

/** What is accepted by one of several. */
export function either<const S extends readonly AnySchema[]>(...schemas: S): Schema<Infer<S[number]>> {
  const form = schemas.map((one) => one.form).toSorted(byText)
  return schema({ either: form }, (value) => {
    for (const one of schemas) if (one.accepts(value)) return true
    return false
  })
}

/** A key that may be missing. Only as a field of {@link object}. */
export interface Optional<T> extends Schema<T | undefined> {
  readonly optional: true
}

export function optional<T>(item: Schema<T>): Optional<T> {
  const accepts = (value: unknown) => value === undefined || item.accepts(value)
  return { ...schema<T | undefined>({ optional: item.form }, accepts), optional: true }
}

type Fields = Readonly<Record<string, AnySchema>>
type OptionalKeys<F extends Fields> = { [K in keyof F]: F[K] extends { optional: true } ? K : never }[keyof F]

/** The object type of a set of fields. */
export type ObjectOf<F extends Fields> = Flat<
  { readonly [K in Exclude<keyof F, OptionalKeys<F>>]: Infer<F[K]> } & {
    readonly [K in OptionalKeys<F>]?: Exclude<Infer<F[K]>, undefined>
  }
>
type Flat<T> = { [K in keyof T]: T[K] }

/** A schema of an object, whose fields another one can take over: `{ ...requestKey.fields, … }`. */
export interface ObjectSchema<F extends Fields> extends Schema<ObjectOf<F>> {
  readonly fields: F
}

export function object<F extends Fields>(fields: F): ObjectSchema<F> {
  const entries = Object.entries(fields)
  const accepts = (value: unknown) => {
    if (!isObject(value)) return false
    for (const [key, field] of entries) if (!field.accepts(value[key])) return false
    return true
  }
  return { ...schema<ObjectOf<F>>({ object: formsOf(entries) }, accepts), fields }
}

/** One of several objects, told apart by a key whose value names them. */
export function variant<Tag extends string, V extends Readonly<Record<string, Fields>>>(
  tag: Tag,
  variants: V,
): Schema<{ [K in keyof V]: Flat<Readonly<Record<Tag, K>> & ObjectOf<V[K]>> }[keyof V]> {
  const byName = new Map(Object.entries(variants).map(([name, fields]) => [name, object(fields)]))
  return schema({ [tag]: formsOf(byName) }, (value) => {
    if (!isObject(value)) return false
    const name = value[tag]
    return typeof name === 'string' && byName.get(name)?.accepts(value) === true
  })
}

function formsOf(named: Iterable<readonly [string, AnySchema]>): Form {
  const forms = Array.from(named, ([name, { form }]) => [name, form] as const)
  return Object.fromEntries(forms.toSorted(([a], [b]) => (a < b ? -1 : 1)))
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}

function byText(a: Form, b: Form): number {
  return JSON.stringify(a) < JSON.stringify(b) ? -1 : 1
}
