/** How well a tune was recalled: the four grades of FSRS, also the keys 1 to 4. */
export type Rating = 1 | 2 | 3 | 4

export const ratings: readonly { readonly value: Rating; readonly name: string; readonly slug: string }[] = [
  { value: 1, name: 'Again', slug: 'again' },
  { value: 2, name: 'Hard', slug: 'hard' },
  { value: 3, name: 'Good', slug: 'good' },
  { value: 4, name: 'Easy', slug: 'easy' },
]
