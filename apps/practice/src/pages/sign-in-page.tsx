import { createSignal, For, type JSX } from 'solid-js'
import { demoUsers } from '../data/demo-users.ts'
import type { Person } from '../data/seed.ts'
import { useApp } from '../ui/app-context.ts'

export function SignInPage(): JSX.Element {
  const { session } = useApp()
  const [name, setName] = createSignal('')

  const create = (event: SubmitEvent): void => {
    event.preventDefault()
    const trimmed = name().trim()
    if (trimmed !== '') session.signIn(session.create(trimmed))
  }
  const people = (): (Person & { about: string })[] => [
    ...demoUsers,
    ...session.madeUp().map((person) => ({ ...person, about: 'Made up in this browser' })),
  ]

  return (
    <section class="sign-in">
      <h1>A few tunes every day</h1>
      <p class="lead">
        Practice keeps a daily list of folk tunes and asks for each one again just before you forget it.
        Everything stays in this browser, and every tab shows the same.
      </p>
      <h2 id="who">Who is playing?</h2>
      <ul class="people" aria-labelledby="who">
        <For each={people()}>
          {(person) => (
            <li>
              <button
                type="button"
                class="person"
                data-testid={`sign-in-${person.id}`}
                onClick={() => session.signIn(person)}
              >
                <span class="person-initial" aria-hidden="true">
                  {person.name.charAt(0).toUpperCase()}
                </span>
                <span class="person-text">
                  <strong>{person.name}</strong>
                  <span class="quiet">{person.about}</span>
                </span>
              </button>
            </li>
          )}
        </For>
      </ul>
      <form class="new-person" onSubmit={create}>
        <label for="new-name">Or start with an empty list</label>
        <div class="field-row">
          <input
            id="new-name"
            class="input"
            placeholder="Your name"
            autocomplete="nickname"
            maxlength="60"
            value={name()}
            onInput={(event) => setName(event.currentTarget.value)}
            data-testid="new-name"
          />
          <button type="submit" class="button" disabled={name().trim() === ''} data-testid="sign-in-new">
            Start
          </button>
        </div>
      </form>
    </section>
  )
}
