/**
 * What the library shows, in which order, and how.
 *
 * @module
 */

import { h, setAttribute, setText } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { attachMenu } from "../../lib/menu.js";
import { t } from "../../lib/strings.js";

const VIEW = "telecine.view";

/** @typedef {import("./video-list.js").Filter} Filter */
/** @typedef {import("./video-list.js").Sort} Sort */

/**
 * Create the toolbar.
 *
 * @param {object} parts
 * @param {{filter: Filter, sort: Sort}} parts.choice changed by it
 * @param {() => void} parts.onChange
 * @param {HTMLElement} parts.grid gets the class of the view
 */
export function createToolbar({ choice, onChange, grid }) {
  const filters = /** @type {[Filter, string][]} */ (Object.entries(t.library.filters)).map(([filter, label]) => {
    const click = () => {
      if (choice.filter === filter) return;
      choice.filter = filter;
      sync();
      onChange();
    };
    return { filter, button: h("button", { class: "filter", type: "button", on: { click } }, label) };
  });
  const sort = h("button", { class: "button button-quiet sort", type: "button" }, h("span"), icon("chevronDown"));
  attachMenu(sort, () =>
    /** @type {[Sort, string][]} */ (Object.entries(t.library.sorts)).map(([value, label]) => ({
      label,
      checked: choice.sort === value,
      run() {
        choice.sort = value;
        sync();
        onChange();
      },
    })),
  );
  const views = /** @type {const} */ (["grid", "rows"]).map((view) => ({
    view,
    button: h("button", {
      ...{ class: "button button-quiet button-icon", type: "button", "aria-label": t.library[view], title: t.library[view] },
      on: { click: () => (saveView(view), sync()) },
    }, icon(view)),
  }));

  function sync() {
    for (const { filter, button } of filters) setAttribute(button, "aria-pressed", String(choice.filter === filter));
    setText(/** @type {Element} */ (sort.firstElementChild), t.library.sorts[choice.sort]);
    setAttribute(sort, "aria-label", `${t.library.sort}: ${t.library.sorts[choice.sort]}`);
    const current = savedView();
    for (const { view, button } of views) setAttribute(button, "aria-pressed", String(view === current));
    grid.classList.toggle("videos-rows", current === "rows");
  }

  const toolbar = h(
    "div",
    { class: "toolbar" },
    h("div", { class: "filters", role: "group", "aria-label": t.library.show }, filters.map(({ button }) => button)),
    h("div", { class: "toolbar-end" }, sort, h("div", { class: "views", role: "group", "aria-label": t.library.view }, views.map(({ button }) => button))),
  );
  toolbar.addEventListener("sync", sync);
  sync();
  return toolbar;
}

/** @param {"grid" | "rows"} view */
function saveView(view) {
  try {
    localStorage.setItem(VIEW, view);
  } catch {
    // Storage is blocked: the cards come back with the next visit.
  }
  shown = view;
}

/** @type {"grid" | "rows" | null} */
let shown = null;

/**
 * The view that was chosen last; at first rows on a phone, and cards elsewhere.
 *
 * @returns {"grid" | "rows"}
 */
function savedView() {
  if (shown) return shown;
  let saved = null;
  try {
    saved = localStorage.getItem(VIEW);
  } catch {
    // Storage is blocked.
  }
  const usual = matchMedia("(max-width: 720px)").matches ? "rows" : "grid";
  shown = saved === "rows" || saved === "grid" ? saved : usual;
  return shown;
}
