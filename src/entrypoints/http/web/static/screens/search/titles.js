/** The videos whose titles match: above what is said in videos. */

import { h } from "../../lib/dom.js";
import { clock } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { t as strings } from "../../lib/strings.js";

const t = strings.search;
const LIMIT = 6;

/** @typedef {import("../../lib/types.js").Video} Video */

/**
 * The videos whose titles contain the words; none if they cannot be loaded, because the search in speech says so.
 *
 * @param {import("../../lib/types.js").App} app
 * @param {string} query
 * @returns {Promise<Video[]>}
 */
export async function findTitles({ api, deletions }, query) {
  // Quotation marks and asterisks belong to the search in speech.
  const words = query.replaceAll(/["*]/g, " ").trim();
  if (!words) return [];
  const page = await api.get(`/api/videos?q=${encodeURIComponent(words)}&limit=${LIMIT}`).catch(() => ({ items: [] }));
  return page.items.filter((/** @type {Video} */ { video_id: id }) => !deletions.has(id));
}

/** @param {Video[]} videos */
export function createTitles(videos) {
  const items = videos.map(({ video_id: id, title, poster_url: poster, duration_s: length }) => {
    const picture = h("span", { class: "title-picture" }, poster ? h("img", { src: poster, alt: "", loading: "lazy" }) : icon("film"));
    return h("li", null, h("a", { class: "title-hit", href: `/v/${id}` }, picture, h("span", { class: "title-name", dir: "auto" }, title), length !== null && h("span", { class: "hit-time" }, clock(length))));
  });
  return h("section", { class: "search-group card" }, h("h2", null, t.titles), h("ul", { class: "title-hits" }, items));
}
