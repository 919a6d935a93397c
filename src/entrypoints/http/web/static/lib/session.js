/**
 * Who is signed in. A token lives in this browser's storage until it expires or the user signs out.
 *
 * @module
 */

const KEY = "telecine.session";

/** @typedef {{token: string, local: boolean}} Saved */
/** @typedef {ReturnType<typeof createSession>} Session */

/**
 * Create the session.
 *
 * @param {() => Promise<string>} askAgain asks for another token while the page goes on; rejects if the user signs out
 */
export function createSession(askAgain) {
  /** @type {Saved | null} */
  let saved = restore();
  /** @type {Promise<string> | null} */
  let refreshing = null;

  /** @param {Saved} next */
  const keep = (next) => {
    saved = next;
    try {
      localStorage.setItem(KEY, JSON.stringify(next));
    } catch {
      // Storage is full or blocked: the session ends with the page.
    }
    return next.token;
  };

  async function refresh() {
    if (saved?.local) return keep({ token: await localToken(), local: true });
    // Another tab may have signed in meanwhile.
    const other = restore();
    if (other && other.token !== saved?.token) return keep(other);
    return keep({ token: await askAgain(), local: false });
  }

  return {
    /** Whether there is a token, from this browser's storage or of the local user. */
    async open() {
      if (saved) return true;
      try {
        keep({ token: await localToken(), local: true });
        return true;
      } catch {
        return false;
      }
    },

    /**
     * The token; with `refresh`, another one, because the API refused it.
     *
     * @param {{refresh?: boolean}} [options]
     */
    async token({ refresh: again = false } = {}) {
      if (!again && saved && !refreshing) return saved.token;
      refreshing ??= refresh().finally(() => void (refreshing = null));
      return refreshing;
    },

    /** @param {string} token */
    signIn: (token) => keep({ token, local: false }),

    signOut() {
      saved = null;
      localStorage.removeItem(KEY);
    },

    isLocal: () => saved?.local ?? false,
  };
}

/** @returns {Saved | null} */
function restore() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "null");
  } catch {
    return null;
  }
}

/** The token of the local user; only the embedded default issues it, and only to a page of its own on loopback. */
async function localToken() {
  const response = await fetch("/session/local", { method: "POST" });
  if (!response.ok) throw new Error("local sign-in refused");
  return /** @type {string} */ ((await response.json()).token);
}
