import { eq } from 'drizzle-orm'
import { integer, sqliteTable, text } from 'drizzle-orm/sqlite-core'
import { afterEach, describe, expect, test } from 'vitest'
import { drizzle } from '../../src/adapters/drizzle.ts'
import { TuttiError } from '../../src/errors/errors.ts'
import type { Database, LiveSource } from '../../src/index.ts'
import { inWorlds, type Player, type Stage } from '../simulation/scenarios/stage.ts'

const LIMIT = 120_000

export interface Tune {
  readonly id: number
  readonly title: string
}

/** What a view shows: the titles of the tunes of one mode. */
export interface Wanted {
  readonly db: Database | undefined
  readonly mode: string
}

/** A view drawn by a framework: `<li>` for each row, or the text `loading` or `error: …`. */
export interface View {
  /** Gives it other properties. */
  show(wanted: Wanted): void
  /** The component goes away. */
  unmount(): void
}

/** How a framework draws a live query. */
export interface Framework {
  readonly name: string
  /** Draws the query `SQL` with the wanted mode as its parameter. */
  mount(element: HTMLElement, wanted: Wanted): View
  /** Draws a source, which is found again for other properties. */
  mountSource(element: HTMLElement, wanted: Wanted, find: FindSource): View
  /** Does something, and lets the framework draw what comes of it. */
  act(work: () => void | Promise<void>): Promise<void>
}

export type FindSource = (wanted: Wanted) => LiveSource<Tune> | undefined

/** What an error is shown as. */
export function codeOf(error: Error | undefined): string {
  return error instanceof TuttiError ? error.code : String(error)
}

export const SQL = 'select id, title from tune where mode = ? order by title'
const MIGRATIONS = [
  {
    name: '1',
    sql: 'create table tune (id integer primary key, title text not null, mode text not null)',
  },
]
const tune = sqliteTable('tune', {
  id: integer().primaryKey(),
  title: text().notNull(),
  mode: text().notNull(),
})

/** A world of two tabs, and an element in the first one's page. */
export class House {
  readonly stage: Stage
  readonly here: Player
  readonly there: Player
  readonly element: HTMLElement
  readonly #framework: Pick<Framework, 'act'>

  constructor(stage: Stage, [here, there]: readonly [Player, Player], framework: Pick<Framework, 'act'>) {
    this.stage = stage
    this.here = here
    this.there = there
    this.#framework = framework
    this.element = document.body.appendChild(document.createElement('main'))
  }

  /** Adds tunes from the other tab. */
  async add(mode: string, ...titles: string[]): Promise<void> {
    for (const title of titles) await this.write('insert into tune (title, mode) values (?, ?)', title, mode)
  }

  /** Writes in the other tab. */
  write(sql: string, ...params: (string | number)[]): Promise<void> {
    return this.act(async () => {
      await this.stage.settle(this.there.db.run(sql, params))
    })
  }

  act(work: () => void | Promise<void>): Promise<void> {
    return this.#framework.act(work)
  }

  /** What stands there: titles, or a text. */
  get shown(): string | string[] {
    const items = this.items
    return items.length > 0
      ? items.map(({ textContent }) => textContent ?? '')
      : (this.element.textContent ?? '')
  }

  get items(): HTMLElement[] {
    return [...this.element.querySelectorAll('li')]
  }

  /** Lets the world go on until this is shown; what is shown instead fails the test. */
  async until(expected: string | string[]): Promise<void> {
    const reached = () => JSON.stringify(this.shown) === JSON.stringify(expected)
    for (let round = 0; round < 200 && !reached(); round++)
      await this.act(() => this.stage.simulation.runFor(20))
    expect(this.shown).toEqual(expected)
  }

  /** How many live queries this tab has. */
  async live(): Promise<number> {
    await this.act(() => this.stage.simulation.runFor(20))
    return (await this.stage.settle(this.here.db.status())).live
  }
}

/** The body of a test with a house. */
export function inHouse(
  framework: Pick<Framework, 'act'>,
  play: (house: House) => Promise<void>,
): () => Promise<void> {
  return inWorlds(1, async (stage) => {
    const players = await stage.openAll(['A', 'B'], { migrations: MIGRATIONS })
    await play(new House(stage, players, framework))
  })
}

/** What holds for every framework. */
export function frameworkContract(framework: Framework): void {
  const within = (play: (house: House) => Promise<void>) => inHouse(framework, play)

  describe(`drawn by ${framework.name}`, () => {
    afterEach(() => document.body.replaceChildren())

    test(
      'P1.5 shows the first result and what another tab commits; unchanged rows keep their DOM node',
      within(async (house) => {
        await house.add('Dorian', 'Cooley’s', 'The Kesh')
        const view = framework.mount(house.element, { db: house.here.db, mode: 'Dorian' })
        expect(house.shown).toBe('loading')
        await house.until(['Cooley’s', 'The Kesh'])
        const [cooleys, kesh] = house.items
        await house.add('Dorian', 'Banshee')
        await house.until(['Banshee', 'Cooley’s', 'The Kesh'])
        expect(house.items.slice(1)).toEqual([cooleys, kesh])
        expect([house.items[1] === cooleys, house.items[2] === kesh]).toEqual([true, true])
        await house.write("update tune set title = 'Zeta' where title = 'Banshee'")
        await house.until(['Cooley’s', 'The Kesh', 'Zeta'])
        expect([house.items[0] === cooleys, house.items[1] === kesh]).toEqual([true, true])
        await house.act(() => view.unmount())
      }),
      LIMIT,
    )

    test(
      'P1.5 follows another query when its parameters change, and none when it goes away',
      within(async (house) => {
        const { db } = house.here
        await house.add('Dorian', 'Cooley’s')
        await house.add('Major', 'The Kesh')
        const view = framework.mount(house.element, { db, mode: 'Dorian' })
        await house.until(['Cooley’s'])
        await house.act(() => view.show({ db, mode: 'Major' }))
        await house.until(['The Kesh'])
        expect(await house.live()).toBe(1)
        await house.add('Dorian', 'Banshee')
        await house.add('Major', 'Merrily')
        await house.until(['Merrily', 'The Kesh'])
        await house.act(() => view.unmount())
        expect(await house.live()).toBe(0)
      }),
      LIMIT,
    )

    test(
      'P1.5 P8 is loading until there is a database, and shows no row of one that is taken away',
      within(async (house) => {
        await house.add('Dorian', 'Cooley’s')
        const view = framework.mount(house.element, { db: undefined, mode: 'Dorian' })
        await house.act(() => house.stage.simulation.runFor(50))
        expect(house.shown).toBe('loading')
        await house.act(() => view.show({ db: house.here.db, mode: 'Dorian' }))
        await house.until(['Cooley’s'])
        await house.act(() => view.show({ db: undefined, mode: 'Dorian' }))
        expect([house.shown, await house.live()]).toEqual(['loading', 0])
        await house.act(() => view.unmount())
      }),
      LIMIT,
    )

    test(
      'P1.5 shows an error, and rows again when the query can be run again',
      within(async (house) => {
        await house.add('Dorian', 'Cooley’s')
        await house.write('alter table tune rename to hidden')
        const view = framework.mount(house.element, { db: house.here.db, mode: 'Dorian' })
        await house.until('error: SQL')
        await house.write('alter table hidden rename to tune')
        await house.until(['Cooley’s'])
        await house.write('alter table tune rename to hidden')
        await house.until('error: SQL')
        await house.act(() => view.unmount())
        expect(await house.live()).toBe(0)
      }),
      LIMIT,
    )

    test(
      'P1.5 follows a query of drizzle’s, and finds it again with other parameters',
      within(async (house) => {
        await house.add('Dorian', 'Cooley’s')
        await house.add('Major', 'The Kesh')
        const find: FindSource = ({ db, mode }) => {
          const orm = db && drizzle(db)
          return orm?.live(orm.select().from(tune).where(eq(tune.mode, mode)).orderBy(tune.title))
        }
        const { db } = house.here
        const view = framework.mountSource(house.element, { db, mode: 'Dorian' }, find)
        await house.until(['Cooley’s'])
        const [cooleys] = house.items
        await house.add('Dorian', 'Banshee')
        await house.until(['Banshee', 'Cooley’s'])
        expect(house.items[1] === cooleys).toBe(true)
        await house.act(() => view.show({ db, mode: 'Major' }))
        await house.until(['The Kesh'])
        await house.act(() => view.unmount())
        expect(await house.live()).toBe(0)
      }),
      LIMIT,
    )
  })
}
