/**
 * The library: all videos of the user.
 *
 * @module
 */

import { h } from "../../lib/dom.js";
import { t } from "../../lib/strings.js";

/**
 * @param {import("../../lib/types.d.ts").App} app
 * @returns {import("../../lib/types.d.ts").Screen}
 */
export default function library(app) {
  const list = h("ul");
  void app.api.get("/api/videos?limit=24").then((/** @type {import("../../lib/types.d.ts").VideoPage} */ page) => {
    list.replaceChildren(...page.items.map((video) => h("li", null, h("a", { href: `/v/${video.video_id}` }, video.title))));
  });
  return { element: h("div", { class: "page" }, h("h1", null, t.library.title), list), title: t.library.title, dispose: () => undefined };
}
