/**
 * The videos of one filter: pages by cursor, kept while another screen is shown.
 *
 * @module
 */

/** @typedef {import("../../lib/types.d.ts").Video} Video */
/** @typedef {import("../../lib/types.d.ts").VideoPage} VideoPage */
/** @typedef {"all" | "work" | "failed" | "captions"} Filter */
/** @typedef {"-created_at" | "created_at" | "title" | "-title"} Sort */

const PAGE = 30;

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
    matches: MATCHES[filter],

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
