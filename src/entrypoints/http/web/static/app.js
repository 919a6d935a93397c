/**
 * Starts the page: session, API, live changes, uploads, and the frame around the screens.
 *
 * @module
 */

import { ahead, asking, open, opening, session } from "./lib/early.js";
import { createAwayBar } from "./components/away-bar/away-bar.js";
import { createDropZone, createFileInput } from "./components/drop-zone/drop-zone.js";
import { createTopbar } from "./components/topbar/topbar.js";
import { ApiError, createApi } from "./lib/api.js";
import { createDeletions } from "./lib/deletions.js";
import { openDialog } from "./lib/dialog.js";
import { h } from "./lib/dom.js";
import { createLive } from "./lib/live.js";
import { createRouter } from "./lib/router.js";
import { loadScreen, loadStyles } from "./lib/screens.js";
import { createStore } from "./lib/store.js";
import { t } from "./lib/strings.js";
import { mountToasts } from "./lib/toast.js";
import { createUploads } from "./lib/uploads.js";
import { viewerLink } from "./lib/viewer-link.js";

/** @typedef {import("./lib/types.d.ts").App} App */

const root = /** @type {HTMLElement} */ (document.getElementById("app"));
const store = createStore({ reachable: true, query: "" });
const api = createApi({
  token: session.token,
  ahead,
  onReach: (reachable) => reachable !== store.get().reachable && store.set({ reachable }),
});

/** Whether the screens are there; before, a refused token leads to the sign-in screen. */
let isShown = false;
let isLeaving = false;

/** Ask for another token in a dialog over the screen: what is being uploaded waits for it, and goes on. */
async function askAgain() {
  if (!isShown || isLeaving) throw expired();
  const { createSignInForm } = await loadScreen("sign-in");
  let token = "";
  const content = (/** @type {() => void} */ close) => [
    h("p", null, t.signIn.againLead),
    createSignInForm({ onToken: (/** @type {string} */ next) => (token = next, close()) }),
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

/** @param {boolean} [isFirst] whether the page was just loaded */
async function start(isFirst = false) {
  mountToasts();
  const viewer = viewerLink(location);
  if (viewer) {
    const { createWatch } = await loadScreen("watch");
    return root.replaceChildren(createWatch(viewer));
  }
  if (location.pathname === "/sign-in") return showSignIn(null, await session.local());
  let answers;
  try {
    answers = await (isFirst ? opening : open());
  } catch (error) {
    const isRefused = error instanceof ApiError && error.status === 401;
    if (isRefused) session.signOut();
    return showSignIn(/** @type {Error} */ (error), isRefused ? await session.local() : "");
  }
  if (!answers) return showSignIn(null);
  const [me, options] = answers;
  await showApp({ userId: me.user_id, scopes: me.scopes }, options);
}

/**
 * @param {Error | null} refusal of the token that was tried
 * @param {string} [local] a token of the local user, where the server issues one
 */
async function showSignIn(refusal, local = "") {
  document.title = `${t.signIn.title} · ${t.app}`;
  const { createSignIn, refusalText } = await loadScreen("sign-in");
  const enter = (/** @type {string} */ token, isLocal = false) => {
    session.signIn(token, isLocal);
    if (location.pathname === "/sign-in") history.replaceState({}, "", "/");
    void start();
  };
  root.replaceChildren(
    createSignIn({
      onToken: (/** @type {string} */ token) => enter(token),
      reason: refusal ? refusalText(refusal) : "",
      onLocal: local ? () => enter(local, true) : null,
    }),
  );
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
  const tray = h("div", { hidden: true });
  app.navigate = router.navigate;
  app.chooseFiles = () => input.click();
  isShown = true;
  root.replaceChildren(
    h("a", { class: "skip button", href: "#main" }, t.skip),
    createTopbar(app),
    createAwayBar(app),
    main,
    tray,
    createDropZone(app),
    input,
  );
  showTrayInPlaceOf(tray, app);
  await router.show({ first: true });
  ahead.clear();
  void followChanges(live);
  void uploads.recall();
}

/**
 * The tray is loaded with the first upload.
 *
 * @param {HTMLElement} place
 * @param {App} app
 */
function showTrayInPlaceOf(place, app) {
  const stop = app.uploads.subscribe(async () => {
    if (!app.uploads.items().length) return;
    stop();
    const [{ createTray }] = await Promise.all([import("./components/tray/tray.js"), loadStyles("tray")]);
    place.replaceWith(...createTray(app));
  });
}

/**
 * The first message of the stream makes the screen load again what has changed since it was opened.
 *
 * @param {import("./lib/live.js").Live} live
 */
async function followChanges(live) {
  const { followAll } = await import("./telecine-upload.js");
  // A token that only uploads may not read the events of all videos.
  followAll({ token: session.token, onEvent: live.onMessage }).catch(() => undefined);
}

asking.again = askAgain;
void start(true);
