/**
 * Who is signed in. A token lives in this browser's storage until it expires or the user signs out.
 *
 * @module
 */

const KEY = "telecine.session";

import { ApiError } from "./api.js";
import { t } from "./strings.js";

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
    const local = saved?.local && (await localToken());
    if (local) return keep({ token: local, local: true });
    // Another tab may have signed in meanwhile.
    const other = restore();
    if (other && other.token !== saved?.token) return keep(other);
    return keep({ token: await askAgain(), local: false });
  }

  return {
    /** Whether there is a token, from this browser's storage or of the local user. */
    async open() {
      if (saved) return true;
      const token = await localToken().catch(() => "");
      if (token) keep({ token, local: true });
      return token !== "";
    },

    /** A token of the local user; empty if the server issues none to this page. */
    local: () => localToken().catch(() => ""),

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

    /**
     * @param {string} token
     * @param {boolean} [local] whether it is the local user's
     */
    signIn: (token, local = false) => keep({ token, local }),

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
    const saved = JSON.parse(localStorage.getItem(KEY) ?? "null");
    return typeof saved?.token === "string" && saved.token ? saved : null;
  } catch {
    return null;
  }
}

/**
 * The token of the local user; only the embedded default issues it, and only to a page of its own on loopback. Empty if
 * the server refuses it.
 */
async function localToken() {
  const response = await fetch("/session/local", { method: "POST" }).catch(() => null);
  if (!response || response.status >= 500) throw new ApiError(0, "unreachable", t.unreachable, "");
  if (!response.ok) return "";
  return /** @type {string} */ ((await response.json()).token);
}
