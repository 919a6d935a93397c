/**
 * Runs before the other modules are loaded: signs in, and requests what the first screen shows.
 *
 * @module
 */

import { createApi } from "./api.js";
import { relativeTimes } from "./format.js";
import { PAGE } from "./paging.js";
import { createSession } from "./session.js";
import { viewerLink } from "./viewer-link.js";

/** Asks for another token; the page sets it, because a dialog needs the other modules. */
export const asking = {
  /** @type {() => Promise<string>} */
  again: () => Promise.reject(new Error("The page is not loaded yet.")),
};

export const session = createSession(() => asking.again());

/** Asks whether a token from the storage still works: only the local user's is replaced by itself. */
const first = createApi({ token: (options) => session.token(session.isLocal() ? options : {}) });

/**
 * Answers that were requested ahead, by their paths.
 *
 * @type {Map<string, Promise<any>>}
 */
export const ahead = new Map();

/** Who is signed in, and the options of the server; null if there is no token. */
export async function open() {
  if (!(await session.open())) return null;
  const path = firstRequest(location);
  if (path) ahead.set(path, first.get(path));
  // Without a screen that takes it, its error is nobody's.
  ahead.get(path)?.catch(() => undefined);
  return Promise.all([first.get("/api/me"), first.get("/api/options")]);
}

/** The first opening; null where the page does not open by itself. */
export const opening = viewerLink(location) || location.pathname === "/sign-in" ? null : open();
opening?.catch(() => undefined);
// While the server answers.
window.setTimeout(relativeTimes);

/**
 * What the screen of an address requests first; empty if it is not known.
 *
 * @param {Location} address
 */
function firstRequest({ pathname, search }) {
  if (pathname === "/") return search ? "" : `/api/videos?limit=${PAGE}`;
  return /^\/v\/[\w-]+$/.test(pathname) ? `/api${pathname.replace("/v/", "/videos/")}` : "";
}
