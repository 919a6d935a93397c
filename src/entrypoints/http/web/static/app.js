/**
 * Starts the page: session, API, live changes, uploads, and the frame around the screens.
 *
 * @module
 */

import { followAll } from "./telecine-upload.js";
import { createAwayBar } from "./components/away-bar/away-bar.js";
import { createDropZone, createFileInput } from "./components/drop-zone/drop-zone.js";
import { createSignInForm, refusalText } from "./components/sign-in-form/sign-in-form.js";
import { createTopbar } from "./components/topbar/topbar.js";
import { createTray } from "./components/tray/tray.js";
import { ApiError, createApi } from "./lib/api.js";
import { createDeletions } from "./lib/deletions.js";
import { openDialog } from "./lib/dialog.js";
import { h } from "./lib/dom.js";
import { createLive } from "./lib/live.js";
import { createRouter } from "./lib/router.js";
import { createSession } from "./lib/session.js";
import { createStore } from "./lib/store.js";
import { t } from "./lib/strings.js";
import { mountToasts } from "./lib/toast.js";
import { createUploads } from "./lib/uploads.js";
import { viewerLink } from "./lib/viewer-link.js";
import { createSignIn } from "./screens/sign-in/sign-in.js";

/** @typedef {import("./lib/types.d.ts").App} App */

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const session = createSession(askAgain);
const store = createStore({ reachable: true, query: "" });
/** Asks whether a token from the storage still works: only the local user's is replaced by itself. */
const first = createApi({ token: (options) => session.token(session.isLocal() ? options : {}) });
const api = createApi({
  token: session.token,
  onReach: (reachable) => reachable !== store.get().reachable && store.set({ reachable }),
});

/** Whether the screens are there; before, a refused token leads to the sign-in screen. */
let isShown = false;
let isLeaving = false;

/** Ask for another token in a dialog over the screen: what is being uploaded waits for it, and goes on. */
async function askAgain() {
  if (!isShown || isLeaving) throw expired();
  let token = "";
  const content = (/** @type {() => void} */ close) => [
    h("p", null, t.signIn.againLead),
    createSignInForm({ onToken: (next) => (token = next, close()) }),
    h("button", { class: "button button-quiet", type: "button", on: { click: close } }, t.bar.signOut),
  ];
  await openDialog(t.signIn.again, (close) => content(() => close()), { needsAnswer: true });
  if (token) return token;
  leave();
  throw expired();
}

const expired = () => new ApiError(401, "token_expired", t.signIn.refused.token_expired, "");

function leave() {
  isLeaving = true;
  session.signOut();
  location.assign("/sign-in");
}

async function start() {
  mountToasts();
  const viewer = viewerLink(location);
  if (viewer) {
    const { createWatch } = await import("./screens/watch/watch.js");
    return root.replaceChildren(createWatch(viewer));
  }
  if (location.pathname === "/sign-in") return showSignIn("", await session.local());
  if (!(await session.open())) return showSignIn("");
  let answers;
  try {
    answers = await Promise.all([first.get("/api/me"), first.get("/api/options")]);
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status === 401;
    if (isRefused) session.signOut();
    return showSignIn(refusalText(error), isRefused ? await session.local() : "");
  }
  const [me, options] = answers;
  await showApp({ userId: me.user_id, scopes: me.scopes }, options);
}

/**
 * @param {string} reason
 * @param {string} [local] a token of the local user, where the server issues one
 */
function showSignIn(reason, local = "") {
  document.title = `${t.signIn.title} · ${t.app}`;
  const enter = (/** @type {string} */ token, isLocal = false) => {
    session.signIn(token, isLocal);
    if (location.pathname === "/sign-in") history.replaceState({}, "", "/");
    void start();
  };
  root.replaceChildren(createSignIn({ onToken: (token) => enter(token), reason, onLocal: local ? () => enter(local, true) : null }));
}

/**
 * @param {App["session"]} user
 * @param {App["options"]} options
 */
async function showApp(user, options) {
  const live = createLive((state) => state === "away" && store.set({ reachable: false }));
  const uploads = createUploads({ api, live, options });
  const main = h("main", { id: "main", tabindex: -1 });
  const app = /** @type {App} */ ({ store, api, live, options, uploads, signOut, session: user, deletions: createDeletions(api) });
  /** What was deleted a moment ago is deleted with the token that is still there. */
  async function signOut() {
    await app.deletions.flush();
    leave();
  }
  const router = createRouter(main, app);
  const input = createFileInput(app);
  app.navigate = router.navigate;
  app.chooseFiles = () => input.click();
  isShown = true;
  root.replaceChildren(
    h("a", { class: "skip button", href: "#main" }, t.skip),
    createTopbar(app),
    createAwayBar(app),
    main,
    ...createTray(app),
    createDropZone(app),
    input,
  );
  // A token that only uploads may not read the events of all videos.
  followAll({ token: session.token, onEvent: live.onMessage }).catch(() => undefined);
  await router.show({ first: true });
  void uploads.recall();
}

void start();
