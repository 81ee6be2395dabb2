/** A value that components depend on. */
export function createState<Value>(first: Value): { current: Value } {
  let value = $state.raw(first)
  return {
    get current() {
      return value
    },
    set current(next) {
      value = next
    },
  }
}

/** Runs an effect until the function that it returns is called. */
export function createWatch(effect: () => void): () => void {
  return $effect.root(() => {
    $effect(effect)
  })
}
