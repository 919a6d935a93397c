/**
 * The videos of one filter: pages by cursor, kept while another screen is shown.
 *
 * @module
 */

import { PAGE } from "../../lib/paging.js";

/** @typedef {import("../../lib/types.d.ts").Video} Video */
/** @typedef {import("../../lib/types.d.ts").VideoPage} VideoPage */
/** @typedef {"all" | "work" | "failed" | "captions"} Filter */
/** @typedef {"-created_at" | "created_at" | "title" | "-title"} Sort */


/** @type {Record<Filter, string>} */
const QUERIES = {
  all: "",
  work: "&status=uploading,uploaded,processing",
  failed: "&status=failed",
  captions: "&captions=missing",
};

/** @type {Record<Filter, (video: Video) => boolean>} */
const MATCHES = {
  all: () => true,
  work: ({ status }) => status !== "completed" && status !== "failed",
  failed: ({ status }) => status === "failed",
  captions: ({ playable, captions }) => playable && captions === "none",
};

/** @type {Record<Sort, (one: Video, other: Video) => number>} */
const ORDERS = {
  "-created_at": (one, other) => Date.parse(other.created_at) - Date.parse(one.created_at),
  created_at: (one, other) => Date.parse(one.created_at) - Date.parse(other.created_at),
  title: (one, other) => compareTitles(one.title, other.title),
  "-title": (one, other) => compareTitles(other.title, one.title),
};

const compareTitles = new Intl.Collator(undefined, { sensitivity: "base" }).compare;

/** @param {Video} video */
const isCancelled = ({ failure }) => failure?.code === "upload_cancelled";

/**
 * Put a new video at its place.
 *
 * @param {Video[]} videos
 * @param {Video} video
 * @param {Sort} sort
 * @param {boolean} isWhole whether no page follows: if one does, a video at the end comes with it
 */
export function placed(videos, video, sort, isWhole) {
  const at = videos.findIndex((each) => ORDERS[sort](each, video) > 0);
  if (at >= 0) return videos.toSpliced(at, 0, video);
  return isWhole ? [...videos, video] : videos;
}

/**
 * @typedef {object} VideoList
 * @property {Video[]} videos
 * @property {string | null} cursor null after the last page
 * @property {boolean} isLoaded whether the first page has come
 * @property {() => Promise<Video[]>} more loads the next page; the videos that are new
 * @property {() => Promise<void>} refresh loads the first page again, and keeps what follows it
 * @property {(video: Video) => boolean} matches
 */

/**
 * Create the list.
 *
 * @param {import("../../lib/api.js").Api} api
 * @param {Filter} filter
 * @param {Sort} sort
 * @returns {VideoList}
 */
export function createVideoList(api, filter, sort) {
  const query = `limit=${PAGE}${sort === "-created_at" ? "" : `&sort=${sort}`}${QUERIES[filter]}`;

  /**
   * @param {string | null} cursor
   * @returns {Promise<VideoPage>}
   */
  const load = (cursor) => api.get(`/api/videos?${query}${cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`}`);

  /** @type {VideoList} */
  const list = {
    videos: [],
    cursor: null,
    isLoaded: false,
    matches: (video) => !isCancelled(video) && MATCHES[filter](video),

    async more() {
      const page = await load(list.cursor);
      // A video that was added above meanwhile may come a second time.
      const known = new Set(list.videos.map(({ video_id: id }) => id));
      const fresh = page.items.filter(({ video_id: id }) => !known.has(id));
      list.videos = [...list.videos, ...fresh];
      list.cursor = page.next_cursor;
      list.isLoaded = true;
      return fresh;
    },

    async refresh() {
      const page = await load(null);
      const known = new Map(page.items.map((video) => [video.video_id, video]));
      const rest = list.videos.slice(PAGE).filter(({ video_id: id }) => !known.has(id));
      list.videos = [...page.items, ...rest];
      if (!rest.length) list.cursor = page.next_cursor;
      list.isLoaded = true;
    },
  };
  return list;
}
