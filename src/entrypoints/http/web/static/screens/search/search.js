/** Search in what is said: hits grouped by video; each plays from its moment. */

import { marked } from "../../components/transcript/marked.js";
import { h } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";
import { createPictures } from "./pictures.js";
import { createTitles, findTitles } from "./titles.js";

const t = strings.search;

/** @typedef {{video_id: string, filename: string, title: string, start_s: number, end_s: number, text: string, highlights: {start: number, end: number}[]}} Hit */
/** @typedef {{add: (hit: Hit) => HTMLElement}} Group the hits of one video */

/**
 * @param {import("../../lib/types.js").App} app
 * @param {{query: URLSearchParams}} params
 * @returns {import("../../lib/types.js").Screen}
 */
export default function searchScreen(app, { query }) {
  const q = (query.get("q") ?? "").trim();
  const summary = h("p", { class: "search-summary", role: "status" });
  const titles = h("div", { hidden: true });
  const list = h("div", { class: "search-groups" });
  const more = h("button", { class: "button", type: "button", hidden: true, on: { click: () => void load() } }, t.more);
  const heading = h("h1", { dir: "auto", tabindex: "-1" }, q ? t.results(q) : t.title);
  const element = h("div", { class: "search-screen" }, h("header", { class: "search-head" }, heading, summary), titles, list, more);
  const pictures = createPictures(app.api);
  /** @type {Map<string, Group>} */
  const groups = new Map();
  let hits = 0;
  /** @type {string | null} */
  let cursor = null;
  let disposed = false;

  /**
   * @param {string} title
   * @param {string} text
   * @param {Node[]} actions
   */
  const say = (title, text, actions = []) => list.replaceChildren(h("div", { class: "message" }, icon("search"), h("h2", null, title), h("p", null, text), ...actions));

  async function load() {
    more.disabled = true;
    const skeleton = window.setTimeout(() => hits || list.replaceChildren(...[1, 2, 3].map(() => h("div", { class: "search-group card skeleton search-skeleton" }))), 200);
    try {
      const page = await app.api.get(`/api/search?q=${encodeURIComponent(q)}${cursor ? `&cursor=${encodeURIComponent(cursor)}` : ""}`);
      window.clearTimeout(skeleton);
      if (!disposed) show(page);
    } catch (error) {
      window.clearTimeout(skeleton);
      if (!disposed) fail(/** @type {Error} */ (error));
    }
  }

  /** @param {{items: Hit[], next_cursor: string | null}} page */
  function show({ items: found, next_cursor }) {
    const items = found.filter(({ video_id: id }) => !app.deletions.has(id));
    if (hits === 0) list.replaceChildren();
    const focusFirst = hits > 0 && items[0];
    hits += items.length;
    cursor = next_cursor;
    /** @type {HTMLElement | null} */
    let first = null;
    for (const hit of items) {
      const group = groups.get(hit.video_id) ?? createGroup(hit);
      const link = group.add(hit);
      first ??= link;
    }
    more.hidden = !cursor;
    more.disabled = false;
    summary.textContent = hits ? t.found(hits, groups.size, cursor !== null) : "";
    if (hits === 0) say(t.noneTitle(q), t.noneText);
    // The button that had the focus may be gone now.
    if (focusFirst && first) first.focus({ preventScroll: true });
  }

  /** @param {Error} error */
  function fail(error) {
    more.disabled = false;
    more.hidden = hits === 0;
    const again = h("button", { class: "button button-primary", type: "button", on: { click: () => void load() } }, icon("retry"), strings.retry);
    if (hits === 0) say(t.failedTitle, error.message, [again]);
    else summary.textContent = `${t.failedTitle}: ${error.message}`;
  }

  /** @param {Hit} hit @returns {Group} */
  function createGroup(hit) {
    const name = h("a", { href: `/v/${hit.video_id}`, dir: "auto" }, hit.title);
    const items = h("ol", { class: "hits" });
    const group = h("section", { class: "search-group card" }, h("h2", null, name), items);
    list.append(group);
    const created = {
      /** @param {Hit} each */
      add(each) {
        const picture = h("span", { class: "hit-picture", "aria-hidden": "true" });
        const link = h(
          "a",
          { class: "hit", href: `/v/${each.video_id}?t=${Math.floor(each.start_s * 10) / 10}&play` },
          picture,
          h("span", { class: "hit-text", dir: "auto" }, marked(each.text, each.highlights)),
          h("span", { class: "hit-time" }, h("span", { class: "visually-hidden" }, t.from), clock(each.start_s)),
        );
        pictures.observe(picture, each.video_id, each.start_s);
        items.append(h("li", null, link));
        return link;
      },
    };
    groups.set(hit.video_id, created);
    return created;
  }

  element.addEventListener("keydown", (event) => {
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!by) return;
    const links = /** @type {HTMLElement[]} */ ([...list.querySelectorAll(".hit")]);
    const next = links[links.indexOf(/** @type {HTMLElement} */ (document.activeElement)) + by];
    if (!next) return;
    event.preventDefault();
    next.focus();
  });

  async function loadTitles() {
    const videos = await findTitles(app, q);
    if (disposed || videos.length === 0) return;
    titles.replaceChildren(createTitles(videos));
    titles.hidden = false;
  }

  app.store.set({ query: q });
  if (q) void load(), void loadTitles();
  else say(t.startTitle, t.startText);
  return {
    element,
    title: q ? `${q} · ${t.title}` : t.title,
    dispose() {
      disposed = true;
      pictures.dispose();
      // Another search keeps its words in the field.
      if (location.pathname !== "/search") app.store.set({ query: "" });
    },
  };
}
