/**
 * Starts the page: session, API, live changes, uploads, and the frame around the screens.
 *
 * @module
 */

import { createTopbar } from "./components/topbar/topbar.js";
import { ApiError, createApi } from "./lib/api.js";
import { h } from "./lib/dom.js";
import { createLive } from "./lib/live.js";
import { createRouter } from "./lib/router.js";
import { createSession } from "./lib/session.js";
import { createStore } from "./lib/store.js";
import { t } from "./lib/strings.js";
import { mountToasts } from "./lib/toast.js";

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const session = createSession(() => Promise.reject(new ApiError(401, "token_expired", "Sign in again.", "")));
const store = createStore({ reachable: true });
const api = createApi({
  token: session.token,
  onReach: (reachable) => reachable !== store.get().reachable && store.set({ reachable }),
});

async function start() {
  mountToasts();
  if (!(await session.open())) return;
  const [me, options] = await Promise.all([api.get("/api/me"), api.get("/api/options")]);
  /** @type {any} */
  const app = { store, api, live: createLive(), options, session: { userId: me.user_id, scopes: me.scopes }, uploads: null };
  const main = h("main", { id: "main", tabindex: -1 });
  const router = createRouter(main, app);
  app.navigate = router.navigate;
  root.replaceChildren(h("a", { class: "skip button", href: "#main" }, t.skip), createTopbar(app), main);
  await router.show({ first: true });
}

void start();
