/**
 * State in, notifications out.
 *
 * @module
 */

/**
 * @template State
 * @typedef {object} Store
 * @property {() => State} get
 * @property {(patch: Partial<State>) => void} set merges the patch and notifies the subscribers whose selection changed
 * @property {<T>(selector: (state: State) => T, fn: (value: T) => void) => () => void} subscribe returns the way out
 */

/**
 * Create a store.
 *
 * @template {object} State
 * @param {State} initial
 * @returns {Store<State>}
 */
export function createStore(initial) {
  let state = initial;
  /** @type {Set<() => void>} */
  const checks = new Set();
  return {
    get: () => state,
    set(patch) {
      state = { ...state, ...patch };
      for (const check of [...checks]) check();
    },
    subscribe(selector, fn) {
      let last = selector(state);
      const check = () => {
        const next = selector(state);
        if (Object.is(last, next)) return;
        last = next;
        fn(next);
      };
      checks.add(check);
      return () => void checks.delete(check);
    },
  };
}
