/**
 * The library: all videos of the user as cards or rows, with their work live.
 *
 * @module
 */

import { createSkeletonCard, createVideoCard } from "../../components/video-card/video-card.js";
import { ApiError } from "../../lib/api.js";
import { copy } from "../../lib/clipboard.js";
import { prompt } from "../../lib/dialog.js";
import { fill, h, setText } from "../../lib/dom.js";
import { icon } from "../../lib/icons.js";
import { left, rate } from "../../lib/format.js";
import { replaceAddress } from "../../lib/router.js";
import { canUpload, canWrite } from "../../lib/scopes.js";
import { t } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
import { isSending } from "../../lib/uploads.js";
import { createToolbar } from "./toolbar.js";
import { createEmpty } from "./empty.js";
import { createVideoList, placed } from "./video-list.js";

/** @typedef {import("../../lib/types.d.ts").App} App */
/** @typedef {import("../../lib/types.d.ts").Video} Video */
/** @typedef {import("./video-list.js").Filter} Filter */
/** @typedef {import("./video-list.js").Sort} Sort */
/** @typedef {ReturnType<typeof createVideoCard>} Card */

const AGES_MS = 30_000;
/** Lists of earlier visits, so that the way back from a video shows the same list at the same place. */
/** @type {Map<string, import("./video-list.js").VideoList>} */
const visited = new Map();

/**
 * Create the screen.
 *
 * @param {App} app
 * @param {{query: URLSearchParams}} params
 * @returns {import("../../lib/types.d.ts").Screen}
 */
export default function library(app, { query }) {
  const choice = {
    filter: /** @type {Filter} */ (oneOf(query.get("show"), Object.keys(t.library.filters), "all")),
    sort: /** @type {Sort} */ (oneOf(query.get("sort"), Object.keys(t.library.sorts), "-created_at")),
  };
  /** @type {Map<string, Card>} */
  const cards = new Map();
  const grid = h("ul", { class: "videos", "aria-label": t.library.title });
  const status = h("p", { class: "visually-hidden", role: "status" });
  const notice = h("div");
  const sentinel = h("div", { class: "sentinel" });
  const toolbar = createToolbar({ choice, onChange: change, grid });
  const heading = h("h1", { tabindex: -1 }, t.library.title);
  const element = h("div", { class: "page library" }, h("div", { class: "library-head" }, heading, toolbar), status, grid, notice, sentinel);
  let list = listOf(app, choice);
  let isLoading = false;
  let isDisposed = false;

  /** @type {import("../../components/video-card/video-card.js").CardActions} */
  const actions = {
    menu: (video) => menuOf(video),
    retry: canWrite(app) ? (video) => void retry(video) : null,
    sending(video) {
      const item = app.uploads.ofVideo(video.video_id);
      const isStopped = item?.state === "interrupted" || (item?.state === "failed" && video.status === "uploading");
      if (!item || !(isSending(item) || isStopped)) return null;
      const { ratio, bytesPerSecond, secondsLeft } = item.progress;
      const parts = [bytesPerSecond && rate(bytesPerSecond), secondsLeft !== null && left(secondsLeft)];
      const isMoving = item.state === "sending";
      const name = isMoving ? t.stage.upload : { paused: t.upload.paused, interrupted: t.upload.stopped, failed: t.upload.stopped }[String(item.state)];
      return { name: name ?? t.stage.upload, ratio, text: isMoving ? parts.filter(Boolean).join(" · ") : "" };
    },
  };

  function change() {
    const params = new URLSearchParams();
    if (choice.filter !== "all") params.set("show", choice.filter);
    if (choice.sort !== "-created_at") params.set("sort", choice.sort);
    replaceAddress(params.size ? `/?${params}` : "/");
    list = listOf(app, choice);
    cards.clear();
    grid.replaceChildren();
    show();
  }

  /** Show what is known at once; then the newest. */
  function show() {
    if (!list.isLoaded) return void more();
    render();
    void refresh();
  }

  /** Bring the elements in line with the list; elements that stay are not touched. */
  function render() {
    const videos = list.videos.filter((video) => list.matches(video) && !app.deletions.has(video.video_id));
    const ids = new Set(videos.map(({ video_id: id }) => id));
    for (const [id, card] of cards) if (!ids.has(id)) card.element.remove(), cards.delete(id);
    grid.querySelectorAll(":scope > [aria-hidden]").forEach((skeleton) => skeleton.remove());
    let place = grid.firstElementChild;
    for (const video of videos) {
      const known = cards.get(video.video_id);
      const card = known ?? createVideoCard(video, actions);
      if (known) known.update(video);
      else cards.set(video.video_id, card);
      if (place === card.element) place = place.nextElementSibling;
      else grid.insertBefore(card.element, place);
    }
    renderNotice(videos.length);
  }

  /** @param {number} count */
  function renderNotice(count) {
    const isEmpty = count === 0 && list.cursor === null;
    toolbar.hidden = isEmpty && choice.filter === "all";
    grid.hidden = isEmpty;
    if (!isEmpty) fill(notice);
    else if (choice.filter !== "all") fill(notice, createNone(choice.filter));
    else if (!notice.querySelector(".empty")) fill(notice, createEmpty(app));
  }

  /** @param {Filter} filter */
  function createNone(filter) {
    const showAll = () => {
      choice.filter = "all";
      toolbar.dispatchEvent(new Event("sync"));
      change();
    };
    return h(
      "div",
      { class: "message" },
      icon(filter === "work" ? "clock" : "check"),
      h("h2", null, t.library.noneTitle[filter]),
      h("p", null, t.library.noneText[filter]),
      h("button", { class: "button", type: "button", on: { click: showAll } }, t.library.showAll),
    );
  }

  async function more() {
    if (isLoading) return;
    isLoading = true;
    const mine = list;
    grid.hidden = false;
    grid.append(...Array.from({ length: list.isLoaded ? 6 : 12 }, createSkeletonCard));
    try {
      const fresh = await list.more();
      if (mine === list && !isDisposed) render(), setText(status, t.library.listed(fresh.length));
    } catch (error) {
      if (mine === list && !isDisposed) showError(/** @type {Error} */ (error));
    } finally {
      isLoading = false;
      if (mine !== list && !list.isLoaded) void more();
      else if (!isDisposed) observeAgain();
    }
  }

  /** @param {Error} error */
  function showError(error) {
    grid.querySelectorAll(":scope > [aria-hidden]").forEach((skeleton) => skeleton.remove());
    observer.unobserve(sentinel);
    fill(
      notice,
      h(
        "div",
        { class: "message", role: "alert" },
        icon("alert"),
        h("h2", null, t.library.loadFailed),
        h("p", null, error.message),
        h("button", { class: "button", type: "button", on: { click: again } }, t.retry),
      ),
    );
  }

  const again = () => (fill(notice), void more());

  async function refresh() {
    const mine = list;
    try {
      await list.refresh();
      if (mine === list && !isDisposed) render();
    } catch {
      // What is shown stays; the bar says that the server is away.
    }
  }

  /** @param {string} id */
  async function reload(id) {
    try {
      /** @type {Video} */
      const video = await app.api.get(`/api/videos/${id}`);
      if (!isDisposed) put(video);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      if (error.status === 404) drop(id);
    }
  }

  /** @param {Video} video */
  function put(video) {
    const at = list.videos.findIndex(({ video_id: id }) => id === video.video_id);
    if (at >= 0) list.videos = list.videos.with(at, video);
    else if (list.isLoaded || choice.sort === "-created_at") list.videos = placed(list.videos, video, choice.sort, list.cursor === null);
    const card = list.matches(video) && cards.get(video.video_id);
    if (card) card.update(video);
    else render();
  }

  /** @param {string} id */
  function drop(id) {
    list.videos = list.videos.filter((video) => video.video_id !== id);
    render();
  }

  /** @param {import("../../lib/live.js").Change} change */
  function onLive({ kind, type, videoId, data }) {
    if (kind === "reload") return void (list.isLoaded ? refresh() : again());
    const video = list.videos.find(({ video_id: id }) => id === videoId);
    if (type === "video.deleted") drop(videoId);
    else if (kind === "event" && videoId) void reload(videoId);
    else if (!video) return;
    else if (kind === "status") put({ ...video, ...data });
    else if (kind === "progress") {
      const stages = video.stages.map((stage) => (stage.name === data.stage ? { ...stage, ...data, state: "running" } : stage));
      const next = { ...video, stages };
      list.videos = list.videos.map((each) => (each === video ? next : each));
      cards.get(videoId)?.update(next);
    }
  }

  /** @param {import("../../lib/uploads.js").Item | null} item */
  function onUpload(item) {
    if (!item) return cards.forEach((each) => each.update());
    if (!item.videoId) return;
    const card = cards.get(item.videoId);
    if (card) card.update();
    else if (isSending(item) && !asked.has(item.videoId)) asked.add(item.videoId), void reload(item.videoId);
  }
  /** @type {Set<string>} */
  const asked = new Set();

  /** @param {Video} video */
  function menuOf(video) {
    const { video_id: id, title, status: state } = video;
    const isOpen = state === "uploading" || state === "uploaded";
    const may = canWrite(app);
    return /** @type {import("../../lib/menu.js").MenuEntry[]} */ ([
      { label: t.library.open, icon: "play", href: `/v/${id}` },
      ...(may ? [{ label: t.rename, icon: "pencil", run: () => void rename(video) }] : []),
      { label: t.library.copyLink, icon: "link", run: () => void copy(`${location.origin}/v/${id}`, t.library.copied) },
      ...(may && state === "failed" ? [{ label: t.retry, icon: "retry", run: () => void retry(video) }] : []),
      ...(isOpen && canUpload(app) ? [{ label: t.library.cancelUpload, icon: "close", run: () => void cancel(id) }] : []),
      ...(may ? ["line", { label: t.delete, icon: "trash", danger: true, run: () => remove({ video_id: id, title }) }] : []),
    ]);
  }

  /** @param {Video} video */
  async function rename({ video_id: id, title }) {
    const next = await prompt({ title: t.library.renameTitle, label: t.library.titleLabel, value: title, action: t.rename });
    if (next === null || next.trim() === title) return;
    await attempt(async () => put(await app.api.patch(`/api/videos/${id}`, { title: next.trim() })));
  }

  /** @param {Video} video */
  const retry = ({ video_id: id }) =>
    attempt(async () => {
      await app.api.post(`/api/videos/${id}/retry`);
      await reload(id);
    });

  /** @param {string} id */
  const cancel = (id) =>
    attempt(async () => {
      const own = app.uploads.ofVideo(id);
      if (own) await app.uploads.cancel(own.id);
      else await app.api.del(`/api/videos/${id}/upload`);
      await reload(id);
    });

  /** @param {{video_id: string, title: string}} video */
  function remove(video) {
    const card = cards.get(video.video_id)?.element;
    const next = card?.nextElementSibling ?? card?.previousElementSibling;
    app.deletions.later(video);
    /** @type {HTMLElement} */ (next?.querySelector("a") ?? heading).focus();
  }

  const observer = new IntersectionObserver(
    // Of several changes since the last frame the last one counts.
    (entries) => entries.at(-1)?.isIntersecting && list.isLoaded && list.cursor !== null && void more(),
    { rootMargin: "1200px" },
  );
  // An observer reports changes only: after a page that does not fill the window, nothing would change.
  const observeAgain = () => (observer.unobserve(sentinel), observer.observe(sentinel));
  const ages = window.setInterval(() => cards.forEach((card) => card.update()), AGES_MS);
  const stops = [app.live.on("*", onLive), app.uploads.subscribe(onUpload), app.deletions.subscribe(() => list.isLoaded && render())];
  observeAgain();
  show();

  return {
    element,
    title: t.app,
    dispose() {
      isDisposed = true;
      observer.disconnect();
      window.clearInterval(ages);
      stops.forEach((stop) => stop());
    },
  };
}

/**
 * @param {App} app
 * @param {{filter: Filter, sort: Sort}} choice
 */
function listOf(app, { filter, sort }) {
  const key = `${app.session.userId} ${filter} ${sort}`;
  const list = visited.get(key) ?? createVideoList(app.api, filter, sort);
  visited.set(key, list);
  return list;
}

/**
 * Do something that may fail, and say so.
 *
 * @param {() => Promise<unknown>} action
 */
async function attempt(action) {
  try {
    await action();
  } catch (error) {
    toast(/** @type {Error} */ (error).message || t.somethingFailed);
  }
}

/**
 * @param {string | null} value
 * @param {string[]} allowed
 * @param {string} otherwise
 */
const oneOf = (value, allowed, otherwise) => (value !== null && allowed.includes(value) ? value : otherwise);
