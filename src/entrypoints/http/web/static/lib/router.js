/**
 * Paths to screens. A screen is loaded when it is first opened.
 *
 * @module
 */

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { loadScreen } from "./screens.js";
import { t } from "./strings.js";
import { viewerLink } from "./viewer-link.js";

/** @typedef {{element: HTMLElement, title: string, dispose: () => void, failed?: boolean}} Screen */

/** @type {[RegExp, string][]} */
const ROUTES = [
  [/^\/$/, "library"],
  [/^\/v\/(?<id>[\w-]+)$/, "video"],
  [/^\/search$/, "search"],
  [/^\/operator$/, "operator"],
  [/^\/sign-in$/, "sign-in"],
];

/** The address of the screen that is shown, without its fragment. */
let shown = "";

/**
 * Change the address of the screen that is shown; the screen stays.
 *
 * @param {string} path with its query
 */
export function replaceAddress(path) {
  history.replaceState(history.state, "", path);
  shown = path;
}

/**
 * Create the router.
 *
 * @param {HTMLElement} outlet the screens' place
 * @param {any} app passed to each screen
 */
export function createRouter(outlet, app) {
  /** @type {Screen | null} */
  let current = null;
  let visit = 0;
  history.scrollRestoration = "manual";

  /**
   * @param {{scrollTo?: number, first?: boolean}} options
   */
  async function show({ scrollTo = 0, first = false } = {}) {
    visit += 1;
    const mine = visit;
    shown = location.pathname + location.search;
    const screen = await openScreen(app, location.pathname, new URLSearchParams(location.search), () => void show());
    // Another navigation has overtaken this one.
    if (mine !== visit) return screen.dispose();
    current?.dispose();
    current = screen;
    outlet.replaceChildren(screen.element);
    document.title = screen.title === t.app ? t.app : `${screen.title} · ${t.app}`;
    window.scrollTo(0, scrollTo);
    if (!first) focusHeading(outlet);
  }

  /**
   * Go to a path of the page.
   *
   * @param {string} path with its query
   * @param {{replace?: boolean}} [options]
   */
  function navigate(path, { replace = false } = {}) {
    history.replaceState({ ...history.state, scroll: window.scrollY }, "");
    history[replace ? "replaceState" : "pushState"]({}, "", path);
    return show();
  }

  window.addEventListener("popstate", (event) => {
    // A fragment put into the address by hand is this screen's own matter.
    if (shown !== location.pathname + location.search) return void show({ scrollTo: event.state?.scroll ?? 0 });
    if (viewerLink(location)) location.reload();
    else jumpTo(location.hash);
  });
  // Leaving by the back button writes nothing, so the position is kept as it changes.
  window.addEventListener("scrollend", () => history.replaceState({ ...history.state, scroll: window.scrollY }, ""));
  // The server is back: what could not be opened is opened again.
  app.live.on("", (/** @type {import("./live.js").Change} */ { kind }) => {
    if (kind === "reload" && current?.failed) void show({ first: !outlet.contains(document.activeElement) });
  });
  document.addEventListener("click", (event) => {
    if (jumpOfClick(event)) return;
    const path = pathOfClick(event);
    if (path === null) return;
    event.preventDefault();
    void navigate(path);
  });
  /**
   * A screen is loaded when the pointer or the focus reaches a link to it: a click finds it there.
   *
   * @param {Event} event
   */
  const prepare = ({ target }) => {
    const link = target instanceof Element && target.closest("a");
    const name = link && link.origin === location.origin && screenOf(link.pathname)?.name;
    if (name) void loadScreen(name).catch(() => undefined);
  };
  document.addEventListener("pointerover", prepare, { passive: true });
  document.addEventListener("focusin", prepare);
  return { navigate, show };
}

/** @param {string} path */
function screenOf(path) {
  for (const [pattern, name] of ROUTES) {
    const match = pattern.exec(path);
    if (match) return { name, groups: match.groups };
  }
  return null;
}

/**
 * @param {any} app
 * @param {string} path
 * @param {URLSearchParams} query
 * @param {() => void} again opens it again
 * @returns {Promise<Screen>}
 */
async function openScreen(app, path, query, again) {
  const found = screenOf(path);
  if (!found) return message(t.notFoundTitle, t.notFoundText);
  try {
    const { default: create } = await loadScreen(found.name);
    return await create(app, { ...found.groups, query });
  } catch (error) {
    const answered = error instanceof ApiError;
    if (!answered) console.error(error);
    return { ...message(t.screenFailed, answered ? error.message : "", again), failed: true };
  }
}

/**
 * A screen that only says something.
 *
 * @param {string} title
 * @param {string} text
 * @param {() => void} [again] of a Retry button
 * @returns {Screen}
 */
export function message(title, text, again) {
  const element = h(
    "div",
    { class: "message" },
    icon("film"),
    h("h1", { tabindex: -1 }, title),
    h("p", null, text),
    again && h("button", { class: "button button-primary", type: "button", on: { click: again } }, icon("retry"), t.retry),
    h("a", { class: "button", href: "/" }, t.toLibrary),
  );
  return { element, title, dispose: () => undefined };
}

/**
 * Go to the part of this screen that a link names, as the skip link does; the screen stays as it is.
 *
 * @param {MouseEvent} event
 */
function jumpOfClick(event) {
  const link = event.target instanceof Element && event.target.closest("a");
  if (!link || event.defaultPrevented || !link.hash) return false;
  if (link.origin !== location.origin || link.pathname !== location.pathname || link.search !== location.search) return false;
  if (!jumpTo(link.hash)) return false;
  event.preventDefault();
  return true;
}

/**
 * Go to the part of this screen that a fragment names; whether there is one.
 *
 * @param {string} hash
 */
function jumpTo(hash) {
  const target = hash && document.getElementById(hash.slice(1));
  if (!target) return false;
  target.focus();
  target.scrollIntoView();
  return true;
}

/**
 * The path that a click opens inside of the page; null where the browser should follow the link itself.
 *
 * @param {MouseEvent} event
 */
function pathOfClick(event) {
  const link = event.target instanceof Element && event.target.closest("a");
  if (!link || event.defaultPrevented || event.button !== 0) return null;
  if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return null;
  if (link.target || link.hasAttribute("download") || link.origin !== location.origin) return null;
  return screenOf(link.pathname) ? link.pathname + link.search : null;
}

/**
 * A screen reader begins to read at the heading of the new screen.
 *
 * @param {HTMLElement} outlet
 */
function focusHeading(outlet) {
  const heading = outlet.querySelector("h1");
  if (!heading || outlet.contains(document.activeElement)) return;
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}
