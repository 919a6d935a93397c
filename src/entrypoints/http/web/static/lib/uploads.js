/**
 * The queue of uploads. It lives beside the screens and survives every navigation inside of the page.
 *
 * @module
 */

import { ApiError } from "./api.js";
import { bytes } from "./format.js";
import { t } from "./strings.js";
import { failureText, isInWork } from "./video-state.js";

/** Files that are sent at once; the others wait. */
const AT_ONCE = 3;

/**
 * @typedef {object} Item
 * @property {number} id
 * @property {string} name
 * @property {number} size
 * @property {File | Blob | null} file null for an import, and for an upload of an earlier visit
 * @property {"queued" | "refused" | "interrupted" | "requesting" | "sending" | "paused" | "offline" | "completing"
 *   | "processing" | "done" | "failed" | "cancelled" | "waiting"} state
 * @property {{sentBytes: number, ratio: number, bytesPerSecond: number | null, secondsLeft: number | null}} progress
 * @property {import("./types.d.ts").Status | null} status
 * @property {{message: string, code: string, retryable: boolean} | null} error
 * @property {string | null} videoId
 * @property {number} resumedAt the ratio at which an earlier upload went on; 0 for a new one
 * @property {boolean} throughServer sent on the old route
 * @property {import("../telecine-upload.js").Upload | null} upload
 * @property {import("../telecine-upload.js").Recording | null} recording the upload, if it is one of a recording
 */

/** @typedef {(item: Item | null) => void} Listener called with the item that changed, or null if the list did */
/** @typedef {ReturnType<typeof createUploads>} Uploads */

/** It is loaded after the screen: the first upload comes later. */
const uploadModule = () => import("../telecine-upload.js");

const SENDING = new Set(["requesting", "sending", "paused", "offline", "completing", "waiting"]);

/** @param {Item} item */
export const isSending = (item) => SENDING.has(item.state);

/** @param {Item} item */
export const isOpen = (item) => item.state === "queued" || isSending(item);

/** Whether a part of the item's recording is nowhere but in this page. @param {Item} item */
export const canSave = ({ recording, state }) => recording !== null && (state === "failed" || recording.capture.refusedBytes > 0);

/**
 * Create the queue.
 *
 * @param {object} parts
 * @param {import("./api.js").Api} parts.api
 * @param {import("./live.js").Live} parts.live
 * @param {import("./types.d.ts").Options} parts.options
 */
export function createUploads({ api, live, options }) {
  /** @type {Item[]} */
  let items = [];
  /** @type {Set<Listener>} */
  const listeners = new Set();
  let ids = 0;

  const notify = (/** @type {Item | null} */ item) => listeners.forEach((fn) => fn(item));

  /**
   * @param {Item} item
   * @param {Partial<Item>} patch
   */
  const change = (item, patch) => (Object.assign(item, patch), notify(item));

  /**
   * @param {Partial<Item> & {name: string}} parts
   * @returns {Item}
   */
  function create(parts) {
    ids += 1;
    const progress = { sentBytes: 0, ratio: 0, bytesPerSecond: null, secondsLeft: null };
    /** @type {Item} */
    const blank = {
      ...{ id: ids, size: 0, file: null, state: "queued", progress, status: null, error: null, videoId: null },
      ...{ resumedAt: 0, throughServer: options.direct_share < 1 && options.direct_share === 0, upload: null, recording: null },
      ...parts,
    };
    items = [...items, blank];
    return blank;
  }

  /** Start as many queued items as may run at once. */
  function pump() {
    const running = items.filter(isSending).length;
    for (const item of items.filter(({ state }) => state === "queued").slice(0, Math.max(0, AT_ONCE - running))) void start(item);
  }

  /** @param {Item} item */
  async function start(item) {
    change(item, { state: "requesting", error: null });
    const module = await uploadModule().catch(() => null);
    // Cancelled meanwhile.
    if (!items.includes(item)) return;
    if (!module) return change(item, { state: "failed", error: { message: t.unreachable, code: "unreachable", retryable: true } });
    const upload = module.uploadVideo(/** @type {File} */ (item.file), {
      token: api.token,
      direct: item.throughServer ? 0 : options.direct_share,
      fallback: false,
      until: "uploaded",
      resume: "auto",
    });
    attach(item, upload);
  }

  /**
   * @param {Item} item
   * @param {import("../telecine-upload.js").Upload} upload
   */
  function attach(item, upload) {
    item.upload = upload;
    upload.addEventListener("state", () => onState(item, upload));
    upload.addEventListener("progress", () => onProgress(item, upload));
    settleWith(item, upload);
  }

  /**
   * @param {Item} item
   * @param {import("../telecine-upload.js").Upload} upload
   */
  function settleWith(item, upload) {
    upload.promise.then(
      (video) => onUploaded(item, video),
      (error) => onError(item, error),
    );
  }

  /**
   * @param {Item} item
   * @param {import("../telecine-upload.js").Upload} upload
   */
  function onState(item, upload) {
    // The end is told by the promise, with its video or its error.
    if (SENDING.has(upload.state)) change(item, { state: /** @type {any} */ (upload.state), videoId: upload.videoId });
  }

  /**
   * @param {Item} item
   * @param {import("../telecine-upload.js").Upload} upload
   */
  function onProgress(item, upload) {
    const { progress, videoId } = upload;
    change(item, { progress, videoId, ...(item.recording && { size: progress.totalBytes }) });
  }

  /**
   * @param {Item} item
   * @param {any} video
   */
  function onUploaded(item, video) {
    change(item, { state: "processing", videoId: video.video_id, progress: { ...item.progress, ratio: 1 } });
    follow(item, video);
    pump();
  }

  /**
   * @param {Item} item
   * @param {import("../telecine-upload.js").UploadError} error
   */
  function onError(item, error) {
    // The server waits for another file; this one will never do.
    if (error.step === "complete" && !error.retryable && item.videoId) void api.del(`/api/videos/${item.videoId}/upload`).catch(() => undefined);
    if (error.code === "cancelled") remove(item.id);
    else change(item, { state: "failed", error: { message: error.advice, code: error.code, retryable: error.retryable } });
    pump();
  }

  /**
   * Follow the processing of an item's video.
   *
   * @param {Item} item
   * @param {import("./types.d.ts").Status} status
   */
  function follow(item, status) {
    const stop = live.on(String(item.videoId), ({ kind, data }) => {
      if (kind === "progress" && item.status) patchStage(item, data);
      else if (kind === "status") settle(data);
      else void refresh();
    });
    const refresh = async () => {
      try {
        settle(await api.get(`/api/videos/${item.videoId}/status`));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        // Deleted meanwhile: nothing is left to follow.
        if (error.status === 404) stop(), remove(item.id);
      }
    };
    const settle = (/** @type {import("./types.d.ts").Status} */ next) => {
      const state = next.status === "failed" ? "failed" : isInWork(next) ? "processing" : "done";
      const error = next.failure && { message: failureText(next.failure), code: next.failure.code, retryable: true };
      change(item, { status: next, state, error });
      if (state !== "processing") stop();
    };
    settle(status);
    // What happened between the answer and the subscription.
    void refresh();
  }

  /**
   * @param {Item} item
   * @param {{stage: string, percent: number, eta_s: number | null}} progress
   */
  function patchStage(item, { stage: name, percent, eta_s }) {
    const stages = item.status?.stages.map((stage) => (stage.name === name ? { ...stage, state: /** @type {const} */ ("running"), percent, eta_s } : stage));
    if (item.status && stages) change(item, { status: { ...item.status, stages } });
  }

  /** @param {number} id */
  const find = (id) => items.find((item) => item.id === id);

  /** @param {number} id */
  function remove(id) {
    items = items.filter((item) => item.id !== id);
    notify(null);
  }

  /**
   * Take files into the queue; a file that cannot succeed is refused before anything is sent.
   *
   * @param {Iterable<File>} files
   */
  function add(files) {
    for (const file of files) {
      const error = refusal(file, options);
      // A file of an interrupted upload takes its place in the list.
      const earlier = items.find(({ state, name, size }) => state === "interrupted" && name === file.name && size === file.size);
      items = items.filter((item) => item !== earlier);
      const resumedAt = earlier?.progress.ratio ?? 0;
      create({ name: file.name, size: file.size, file, resumedAt, state: error ? "refused" : "queued", error });
    }
    notify(null);
    pump();
  }

  /**
   * Record a stream; what is recorded is sent meanwhile.
   *
   * @param {MediaStream} stream
   * @param {string} title
   */
  async function record(stream, title) {
    const { recordVideo } = await uploadModule();
    const recording = recordVideo(stream, { token: api.token, title, until: "uploaded", fallback: options.proxied_upload });
    const item = create({ name: title, recording, state: "requesting" });
    recording.addEventListener("capture", () => notify(item));
    attach(item, recording);
    notify(null);
    return { id: item.id, recording };
  }

  /**
   * Import a video from YouTube.
   *
   * @param {string} url
   */
  async function importUrl(url) {
    const item = create({ name: url, state: "processing" });
    notify(null);
    try {
      const { video_id: videoId } = await api.post("/api/videos/youtube", { url });
      change(item, { videoId });
      follow(item, await api.get(`/api/videos/${videoId}/status`));
    } catch (error) {
      const { message, code } = /** @type {import("./api.js").ApiError} */ (error);
      change(item, { state: "refused", error: { message, code, retryable: false } });
    }
  }

  /** Show the uploads of an earlier visit that can go on, once their file is chosen again. */
  async function recall() {
    // They stay remembered if the server cannot be asked now.
    const found = await uploadModule().then((module) => module.resumableUploads({ token: api.token })).catch(() => []);
    for (const { videoId, filename, size, receivedBytes } of found) {
      if (items.some((item) => item.videoId === videoId)) continue;
      const ratio = size ? receivedBytes / size : 0;
      const progress = { sentBytes: receivedBytes, ratio, bytesPerSecond: null, secondsLeft: null };
      create({ name: filename, size, state: "interrupted", videoId, progress });
    }
    notify(null);
  }

  // What a recording still has in this page alone is lost with it.
  addEventListener("beforeunload", (event) => {
    if (items.some(canSave)) event.preventDefault();
  });

  return {
    add,
    record,
    importUrl,
    recall,
    items: () => items,
    /** @param {string} videoId */
    ofVideo: (videoId) => items.find((item) => item.videoId === videoId),
    /** @param {number} id */
    pause: (id) => find(id)?.upload?.pause(),
    /** @param {number} id */
    resume: (id) => find(id)?.upload?.resume(),

    /** @param {number} id */
    async cancel(id) {
      const item = find(id);
      if (!item) return;
      if (item.upload && isSending(item)) item.upload.cancel();
      else if (item.state === "interrupted") await api.del(`/api/videos/${item.videoId}/upload`).catch(() => undefined);
      remove(id);
      pump();
    },

    /** @param {number} id */
    retry(id) {
      const item = find(id);
      if (!item) return;
      if (item.recording?.retry()) settleWith(item, item.recording);
      else if (item.file && !item.status?.failure) change(item, { state: "queued", error: null });
      else void retryProcessing(item);
      pump();
    },

    /**
     * Send a file on the old route, through the server, because the network blocks the bucket.
     *
     * @param {number} id
     */
    throughServer(id) {
      const item = find(id);
      if (item) change(item, { throughServer: true, state: "queued", error: null });
      pump();
    },

    dismiss: remove,

    /** Take everything off the list that needs nothing any more. */
    clear() {
      // A recording that can still be saved is removed by its own button alone.
      items = items.filter((item) => isOpen(item) || item.state === "processing" || canSave(item));
      notify(null);
    },

    /**
     * @param {Listener} fn
     * @returns {() => void} stops it
     */
    subscribe(fn) {
      listeners.add(fn);
      return () => void listeners.delete(fn);
    },
  };

  /** @param {Item} item */
  async function retryProcessing(item) {
    try {
      await api.post(`/api/videos/${item.videoId}/retry`);
      change(item, { state: "processing", error: null });
      follow(item, await api.get(`/api/videos/${item.videoId}/status`));
    } catch (error) {
      const { message, code } = /** @type {import("./api.js").ApiError} */ (error);
      change(item, { error: { message, code, retryable: false } });
    }
  }
}

/**
 * Why a file cannot be uploaded, in words with what to do; null if it can be tried.
 *
 * @param {File} file
 * @param {import("./types.d.ts").Options} options
 */
export function refusal(file, { extensions, content_types: types, max_file_size_bytes: limit }) {
  const dot = file.name.lastIndexOf(".");
  const extension = dot > 0 ? file.name.slice(dot).toLowerCase() : "";
  const isKnown = extensions.includes(extension) || extensions.includes(extension.slice(1)) || (!extension && types.includes(file.type));
  if (file.size === 0) return { code: "empty_file", message: t.upload.empty, retryable: false };
  if (!isKnown) return { code: "not_a_video", message: t.upload.wrongType, retryable: false };
  if (file.size > limit) return { code: "file_too_large", message: t.upload.tooLarge(bytes(limit)), retryable: false };
  return null;
}
