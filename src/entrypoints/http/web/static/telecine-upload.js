// @ts-check
/**
 * Uploads videos from a browser to Telecine, straight to its bucket, and follows them until they can be played.
 *
 *     import { uploadVideo } from "https://videos.example.org/telecine-upload.js";
 *     const upload = uploadVideo(file, { api: "https://videos.example.org", token, onProgress: console.log });
 *     const video = await upload.promise;
 *
 * The module has no dependencies and needs no build. docs/frontend.md describes it.
 *
 * Contents: types, constants, errors, timing, calls to the API, transfers, memory of uploads, progress, recording,
 * the upload, following, and the public functions.
 *
 * @module
 */

// Types

/**
 * @typedef {string | ((wanted: {refresh: boolean}) => string | Promise<string>)} Token
 *   A bearer token, or a function that returns one. With `refresh`, the last token was refused: return a new one.
 *
 * @typedef {object} Connection
 * @property {string} [api] Base URL of Telecine; empty for the page's own origin.
 * @property {Token} [token]
 *
 * @typedef {Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">} Memory
 *   Where this browser remembers the ids of unfinished uploads; by default `localStorage`.
 *
 * @typedef {object} Retry
 * @property {number} [base] Upper bound of the first delay, in seconds; it doubles with each failure. Default: 0.5.
 * @property {number} [cap] Upper bound of every delay, in seconds. Default: 30.
 * @property {number} [patience] Seconds without any progress after which a reachable server counts as failing.
 *   Default: 300. Time without a network does not count.
 *
 * @typedef {object} OwnUploadOptions
 * @property {string} [filename] Name of a Blob that is not a File.
 * @property {string} [title]
 * @property {string} [externalId]
 * @property {Record<string, unknown>} [metadata]
 * @property {string} [language] Language of the speech, as an ISO 639-1 code.
 * @property {string[]} [keywords] Words that occur in the speech.
 * @property {"delete" | "keep"} [original] What becomes of the original after processing.
 * @property {number} [keepDays] Days for which the original is kept.
 * @property {"auto" | "single" | "multipart"} [strategy] One PUT or parts. `auto`, the default: parts from 32 MiB on.
 * @property {string | "auto" | null} [resume] `auto`, the default, continues an unfinished upload of this file that
 *   this browser remembers; an id continues that upload, begun anywhere; null always begins a new one.
 * @property {number} [direct] The share of users, 0 to 1, that upload to the bucket; the others use the old route
 *   `POST /api/videos/upload`. A user always gets the same. Default: 1.
 * @property {string} [directKey] What identifies the user for `direct`; by default the subject of the token.
 * @property {boolean} [fallback] Use the old route if the network blocks the bucket. Default: true.
 * @property {"uploaded" | "playable" | "completed"} [until] When the promise resolves. Default: completed.
 * @property {number} [parallel] Parts that are sent at once. Default: 4.
 * @property {number} [partUrls] URLs of parts that are requested at once, 1 to 100. Default: 20.
 * @property {number} [stall] Seconds without progress after which a transfer is repeated. Default: 60.
 * @property {Retry} [retry]
 * @property {Memory | null} [storage] null remembers nothing.
 * @property {boolean} [warnBeforeLeaving] Ask before the page is closed while it is sending. Default: true.
 * @property {AbortSignal} [signal] Aborting it cancels the upload, or ends the following of a video in processing.
 * @property {(progress: Progress) => void} [onProgress]
 * @property {(state: State) => void} [onState]
 * @property {(status: VideoStatus) => void} [onStage]
 *
 * @typedef {Connection & OwnUploadOptions} UploadOptions
 *
 * @typedef {object} OwnRecordingOptions
 * @property {MediaRecorderOptions} [recorder] Options of the MediaRecorder that records a MediaStream; by default an
 *   MP4 with H.264, or a WebM where the browser cannot record that.
 * @property {number} [timeslice] Milliseconds of each chunk of the MediaRecorder. Default: 1000.
 * @property {string} [type] Media type of a stream of chunks, for example `video/webm`.
 * @property {number} [partSize] Bytes of each part except the last, from 5 MiB on. Default: 5 MiB.
 * @property {number} [keepBytes] Bytes of the recording that the page keeps at most. Default: 512 MiB.
 * @property {(capture: CaptureStatus) => void} [onCapture]
 *
 * @typedef {Omit<UploadOptions, "resume" | "strategy" | "direct" | "directKey"> & OwnRecordingOptions} RecordingOptions
 *
 * @typedef {AsyncIterable<Blob | BufferSource> | ReadableStream<Blob | BufferSource>} Chunks
 *
 * @typedef {object} CaptureStatus
 * @property {"recording" | "paused" | "stopped"} state
 * @property {string} reason Why the recorder stopped: `stop` (by the call), `ended` (its source did), `failed`,
 *   `buffer_full` (too much could not be sent), or the code of an error of the upload.
 * @property {number} droppedBytes Bytes at the beginning of the recording that are no longer part of `file`.
 * @property {number} refusedBytes Bytes at its end that the server did not accept.
 *
 * @typedef {"waiting" | "requesting" | "sending" | "paused" | "offline" | "completing" | "processing" | "done"
 *   | "failed" | "cancelled"} State
 *   `waiting`: another tab sends the same file. `offline`: the server cannot be reached; the upload goes on by itself.
 *
 * @typedef {"record" | "presign" | "upload" | "complete" | "processing"} Step
 *
 * @typedef {object} Progress
 * @property {number} sentBytes Bytes in the bucket or on the way.
 * @property {number} totalBytes
 * @property {number} ratio 0 to 1.
 * @property {number | null} bytesPerSecond Mean of the last seconds; null if unknown.
 * @property {number | null} secondsLeft null if unknown.
 *
 * @typedef {object} Stage
 * @property {string} name
 * @property {string} state
 * @property {number} percent
 * @property {number} attempt
 * @property {number | null} [speed]
 * @property {number | null} [eta_s]
 *
 * @typedef {object} VideoStatus The answer of `GET /api/videos/{id}/status`.
 * @property {string} video_id
 * @property {"uploading" | "uploaded" | "processing" | "completed" | "failed"} status
 * @property {boolean} playable
 * @property {Stage[]} stages
 * @property {{stage: string, code: string, message: string} | null} failure
 *
 * @typedef {VideoStatus & Record<string, any>} Video The answer of `GET /api/videos/{id}`.
 *
 * @typedef {{id: string | null, event: string, data: any}} StreamEvent
 *
 * @typedef {object} Remembered An upload that this browser began.
 * @property {string} key The Idempotency-Key of its creation.
 * @property {string} [videoId]
 * @property {string} filename
 * @property {number} size
 * @property {number} lastModified
 * @property {number} [finishedAt]
 *
 * @typedef {{url: string, headers: Record<string, string>}} SignedPut
 *
 * @typedef {object} Plan What is still to be sent. A file in one PUT is the part 0.
 * @property {number} size Bytes of each part except the last.
 * @property {number[]} missing
 * @property {number[]} received
 * @property {boolean} isComplete
 *
 * @typedef {{status: number, text: string, retryAfter: number | null}} Answer
 */

// Constants

const MIB = 1024 * 1024;
const PARTS_FROM_BYTES = 32 * MIB;
const MAX_PUT_BYTES = 5 * 1024 * MIB;
const URL_MARGIN_MS = 30_000;
const CALL_TIMEOUT_MS = 60_000;
const PROBE_TIMEOUT_MS = 10_000;
const PROBE_CAP_S = 10;
const LONGEST_RETRY_AFTER_S = 120;
const MAX_REFUSALS = 3;
const MIN_FAILURES = 3;
const MAX_COMPLETIONS = 4;
const RATE_WINDOW_MS = 8000;
const PROGRESS_INTERVAL_MS = 100;
const STREAM_SILENCE_MS = 50_000;
const ONLINE_STALL_S = 2;
const UNREACHABLE_MS = 3000;
// Buffers on the way may take a whole part long before the bucket has it; this is the slowest line that they assume.
const DRAIN_BYTES_PER_S = 64 * 1024;
const POLL_AGAIN_S = 60;
const RECORDED_PART_BYTES = 5 * MIB;
const KEPT_BYTES = 512 * MIB;
const STORAGE_PREFIX = "telecine-upload:";
// HTTP/1.1 gives a page six connections to one host; the calls to the API and a stream need the others.
const TRANSFERS_AT_ONCE = 4;
const NEVER = new AbortController().signal;

/** Types of recordings, in the order of preference: what every player plays, then what every browser records. */
const RECORDED_TYPES = [
  "video/mp4;codecs=avc1.64002a,mp4a.40.2", "video/webm;codecs=vp9,opus", "video/webm", "video/mp4",
  "audio/mp4;codecs=mp4a.40.2", "audio/webm;codecs=opus", "audio/webm", "audio/mp4",
];
/** Codes of a refused part at which a recording must end. */
const LIMITS = new Set(["file_too_large", "storage_quota_exceeded", "invalid_part_numbers"]);
/** Codes of a refused completion after which something is sent again. */
const RESENDABLE = new Set(["upload_missing", "upload_incomplete", "part_size_mismatch", "invalid_parts"]);
/** Codes that no repetition of the same upload changes. */
const FINAL = new Set([
  "empty_file", "file_too_large", "file_too_large_for_single_put", "not_a_video", "unsupported_extension",
  "unsupported_content_type", "invalid_filename", "insufficient_scope", "bucket_cors", "other_file", "cancelled",
]);

/** What a person can do, by the code of the error. @type {Record<string, string>} */
const ADVICE = {
  empty_file: "This file is empty. Choose another.",
  file_unreadable: "The file was moved, changed or deleted. Choose it again.",
  other_file: "This is not the file whose upload is to go on. Choose the same file as before.",
  not_a_video: "This file is not a video or audio file. Choose another.",
  unsupported_extension: "This kind of file is not supported. Choose a video or audio file.",
  unsupported_content_type: "This kind of file is not supported. Choose a video or audio file.",
  invalid_filename: "Rename the file: use at most 255 characters and no slashes.",
  file_too_large: "The file is larger than this server accepts. Choose a smaller one.",
  file_too_large_for_single_put: "The file is too large for one request. Upload it in parts.",
  storage_quota_exceeded: "Your storage is full. Delete a video, then try again.",
  daily_upload_quota_exceeded: "You have used up today's uploads. Try again tomorrow.",
  too_many_videos_in_flight: "Several of your videos are still in work. Try again when one of them is ready.",
  storage_full: "The server's disk is full. Tell the operator.",
  missing_token: "Sign in, then try again.",
  invalid_token: "Sign in again. The upload goes on where it stopped.",
  token_expired: "Sign in again. The upload goes on where it stopped.",
  insufficient_scope: "Your token does not permit uploads. Use one with the scope videos:upload.",
  bucket_cors: "The bucket does not accept uploads from this page. Its operator must add the page's origin, with the "
    + "method PUT and the header Content-Type, to the CORS rule of the bucket.",
  bucket_unreachable: "The network blocks the storage. Use another network, or upload through the server.",
  bucket_refused: "The storage refuses the upload. Tell the operator.",
  upload_closed: "The upload was cancelled or has expired. Start it again.",
  network_error: "The server does not answer. Check the network, then try again.",
  cancelled: "The upload was cancelled.",
  recording_unsupported: "This browser cannot record that. Use another browser, or upload a file.",
  recording_incomplete: "The beginning of the recording is no longer in this browser. Save the rest.",
  empty_recording: "Nothing was recorded. Check the camera, then record again.",
};
const ADVICE_BY_STEP = {
  record: "The recording has failed. Record again.",
  presign: "The upload could not be started. Try again.",
  upload: "The file could not be sent. Try again; what has arrived is kept.",
  complete: "The file has arrived, but could not be accepted. Try again.",
  processing: "The video could not be processed. Retry it, or upload another file.",
};

// Errors

/** A request that the API refused, or, with the status 0 and the code `network_error`, that got no answer. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {{code?: string, title?: string, detail?: string, retryAfter?: number | null}} [problem]
   */
  constructor(status, problem = {}) {
    super(problem.detail || problem.title || (status ? `HTTP status ${status}` : "No answer from the server"));
    this.name = "ApiError";
    this.status = status;
    this.code = problem.code ?? (status ? `http_${status}` : "network_error");
    this.title = problem.title ?? "";
    this.detail = problem.detail ?? "";
    /** Seconds that the server asks to wait. @type {number | null} */
    this.retryAfter = problem.retryAfter ?? null;
    this.problem = problem;
  }
}

/** An upload that ended without a video; `step` says where, `advice` what a person can do. */
export class UploadError extends Error {
  /**
   * @param {Step} step @param {string} code
   * @param {{detail?: string, advice?: string, retryable?: boolean, problem?: object | null, cause?: unknown}} [more]
   */
  constructor(step, code, more = {}) {
    const advice = more.advice ?? ADVICE[code] ?? ADVICE_BY_STEP[step];
    super(more.detail || advice, { cause: more.cause });
    this.name = "UploadError";
    this.step = step;
    this.code = code;
    this.advice = advice;
    /** Whether uploading the same file again may succeed. */
    this.retryable = more.retryable ?? !FINAL.has(code);
    /** The problem document of the API (RFC 9457), if there is one. */
    this.problem = more.problem ?? null;
  }
}

/** A transfer that the bucket did not accept; the status is 0 if no answer could be read. */
class TransferError extends ApiError {
  /** Whether it may be repeated although the bucket has refused it. */
  isRepeatable = false;

  /** @param {Answer} answer */
  constructor({ status, text, retryAfter }) {
    const detail = status ? `The bucket answered with the status ${status}.` : "The bucket did not answer.";
    const code = /<Code>(\w+)<|"code":\s*"(\w+)"/.exec(text)?.slice(1).find(Boolean) ?? "";
    super(status, { code, detail, retryAfter });
  }

  get isRefusal() {
    return this.status >= 400 && this.status < 500 && !isTransient(this);
  }
}

/** @param {unknown} error @returns {error is ApiError} */
function isTransient(error) {
  if (!(error instanceof ApiError)) return false;
  const { status, code, retryAfter } = error;
  if (status === 429) return (retryAfter ?? 1) <= LONGEST_RETRY_AFTER_S && !(code in ADVICE);
  if (code === "idempotency_key_in_use" || code === "RequestTimeout") return true;
  return (error instanceof TransferError && error.isRepeatable) || [0, 408, 425, 500, 502, 503, 504].includes(status);
}

/** @param {unknown} error @param {Step} step */
function asUploadError(error, step) {
  if (error instanceof UploadError) return error;
  if (error instanceof TransferError) {
    const code = error.isRefusal ? "bucket_refused" : "network_error";
    return new UploadError(step, code, { detail: `${error.message} ${error.code}`.trim(), cause: error });
  }
  if (error instanceof ApiError) {
    return new UploadError(step, error.code, { detail: error.detail, problem: error.problem, cause: error });
  }
  return new UploadError(step, "unexpected_error", { detail: String(error), cause: error });
}

// Timing

/**
 * Awaits a promise; rejects when the signal aborts.
 * @template T @param {Promise<T>} promise @param {AbortSignal} signal @returns {Promise<T>}
 */
function orAbort(promise, signal) {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort);
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
    if (signal.aborted) abort();
  });
}

/**
 * The delay before the next attempt, in seconds: random up to a bound that doubles with each failure ("full jitter"),
 * so that clients of a server that comes back do not return at the same moment.
 *
 * @param {number} failures Failures before this one.
 * @param {{base?: number, cap?: number, random?: () => number}} [options]
 */
export function backoff(failures, { base = 0.5, cap = 30, random = Math.random } = {}) {
  return random() * Math.min(cap, base * 2 ** failures);
}

/**
 * Waits; ends early when the page is online again, and rejects when the signal aborts.
 * @param {number} seconds @param {AbortSignal} [signal] @returns {Promise<void>}
 */
async function sleep(seconds, signal = NEVER) {
  const { promise, resolve } = withResolvers();
  const timer = setTimeout(resolve, seconds * 1000);
  globalThis.addEventListener?.("online", resolve);
  try {
    await orAbort(promise, signal);
  } finally {
    clearTimeout(timer);
    globalThis.removeEventListener?.("online", resolve);
  }
}

/** Admits a number of holders at once, in the order in which they ask. */
class Slots {
  #held = 0;
  /** @type {(() => void)[]} */ #queue = [];

  /** @param {number} limit */
  constructor(limit) {
    this.limit = limit;
  }

  /** @template T @param {() => Promise<T>} work @param {AbortSignal} signal @returns {Promise<T>} */
  async use(work, signal) {
    while (this.#held >= this.limit) await new Promise((resolve) => this.#queue.push(() => resolve(null)));
    this.#held += 1;
    try {
      signal.throwIfAborted();
      return await work();
    } finally {
      this.#held -= 1;
      this.#queue.shift()?.();
    }
  }
}

const transfers = new Slots(TRANSFERS_AT_ONCE);

/** @typedef {{promise: Promise<void>, resolve: () => void}} Resolvable */

/** @returns {Resolvable} */
function withResolvers() {
  let resolve = () => {};
  /** @type {Promise<void>} */
  const promise = new Promise((done) => (resolve = done));
  return { promise, resolve };
}

// Calls to the API

/** Sends requests with the token, and gets a new token once if one is refused. */
class Client {
  /** @param {Connection} connection */
  constructor({ api = "", token = "" }) {
    this.api = api.replace(/\/+$/, "");
    this.token = token;
    /** @type {Promise<string> | null} */
    this.refreshing = null;
    this.last = "";
  }

  /**
   * The token. Concurrent requests share one refresh, and a refusal that comes after it causes no second one.
   * @param {string} [refused] The token that the server did not accept.
   */
  async bearer(refused) {
    const { token } = this;
    if (typeof token === "string") return token;
    const get = async (/** @type {boolean} */ refresh) => {
      try {
        return await token({ refresh });
      } catch (error) {
        throw new ApiError(401, { code: "missing_token", detail: String(error) });
      }
    };
    if (refused !== undefined && refused === this.last) {
      this.refreshing ??= get(true).finally(() => (this.refreshing = null));
    }
    return (this.last = await (this.refreshing ?? (refused === undefined ? get(false) : this.last)));
  }

  /** The subject of the token, if it is a JWT that can be read. */
  async user() {
    try {
      const payload = (await this.bearer()).split(".")[1].replace(/-/g, "+").replace(/_/g, "/");
      return String(JSON.parse(atob(payload)).sub ?? "");
    } catch {
      return "";
    }
  }

  /**
   * Sends with a token what `send` sends; repeats it with a new token after 401.
   * @template {{status: number}} T @param {(headers: Record<string, string>) => Promise<T>} send @returns {Promise<T>}
   */
  async authorized(send) {
    const token = await this.bearer();
    const answer = await send(token ? { Authorization: `Bearer ${token}` } : {});
    if (answer.status !== 401 || typeof this.token === "string") return answer;
    return send({ Authorization: `Bearer ${await this.bearer(token)}` });
  }

  /**
   * Calls the API.
   * @param {string} method @param {string} path
   * @param {{body?: unknown, signal?: AbortSignal, idempotencyKey?: string}} [options]
   * @returns {Promise<any>} The JSON of the answer; null if it has none. @throws {ApiError}
   */
  async call(method, path, { body, signal, idempotencyKey } = {}) {
    const json = body === undefined ? undefined : JSON.stringify(body);
    const own = {
      ...(body === undefined ? {} : { "Content-Type": "application/json" }),
      ...(idempotencyKey ? { "Idempotency-Key": idempotencyKey } : {}),
    };
    try {
      const answer = await this.authorized((token) => {
        // The time begins here: a new token may take as long as a person needs to sign in.
        const limited = AbortSignal.any([AbortSignal.timeout(CALL_TIMEOUT_MS), ...(signal ? [signal] : [])]);
        return fetch(this.api + path, { method, body: json, headers: { ...own, ...token }, signal: limited });
      });
      if (!answer.ok) throw await refusal(answer);
      const text = await answer.text();
      return text ? JSON.parse(text) : null;
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof TypeError || error instanceof DOMException) throw new ApiError(0);
      throw error;
    }
  }

  /** Whether the server answers. A request without CORS is enough, and needs no token. @param {string} [url] */
  async answers(url = `${this.api}/health/live`) {
    try {
      const signal = AbortSignal.timeout(PROBE_TIMEOUT_MS);
      return (await fetch(url, { mode: "no-cors", cache: "no-store", credentials: "omit", signal })).status < 500;
    } catch {
      return false;
    }
  }
}

/** @param {Response} answer */
async function refusal(answer) {
  const problem = await answer.json().catch(() => ({}));
  return new ApiError(answer.status, { ...problem, retryAfter: seconds(answer.headers.get("Retry-After")) });
}

/** @param {string | null} text */
function seconds(text) {
  return text && /^\d+$/.test(text) ? Number(text) : null;
}

// Transfers

/**
 * @typedef {object} Transfer
 * @property {Record<string, string>} headers
 * @property {AbortSignal} signal
 * @property {number} stall Seconds without progress after which it fails.
 * @property {(bytes: number) => void} onProgress
 */

/**
 * Sends a body and reports its progress. The status of the answer is 0 if there was none that the page may read.
 * @param {string} method @param {string} url @param {Blob | FormData} body @param {Transfer} transfer
 * @returns {Promise<Answer>}
 */
function transfer(method, url, body, { headers, signal, stall, onProgress }) {
  if (typeof XMLHttpRequest === "undefined") return transferByFetch(method, url, body, { headers, signal });
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let movedAt = performance.now();
    let drainS = 0;
    // Compares times instead of counting ticks, because background tabs delay timers.
    const abortIfStill = (/** @type {number} */ limitS) => {
      if (performance.now() - movedAt > limitS * 1000) request.abort();
    };
    const watch = setInterval(() => abortIfStill(stall + drainS), 1000);
    // A connection may outlive the network that it belongs to, without a sign.
    const check = () => abortIfStill(ONLINE_STALL_S);
    const abort = () => request.abort();
    globalThis.addEventListener("online", check);
    request.upload.onprogress = (event) => {
      movedAt = performance.now();
      if (event.loaded === event.total) drainS = event.total / DRAIN_BYTES_PER_S;
      onProgress(event.loaded);
    };
    request.onloadend = () => {
      clearInterval(watch);
      globalThis.removeEventListener("online", check);
      signal.removeEventListener("abort", abort);
      if (signal.aborted) reject(signal.reason);
      const { status, responseText: text } = request;
      resolve({ status, text, retryAfter: status === 503 ? seconds(request.getResponseHeader("Retry-After")) : null });
    };
    request.open(method, url);
    for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
    signal.addEventListener("abort", abort);
    request.send(body);
  });
}

/**
 * Sends a body where XMLHttpRequest does not exist (Node), without progress.
 * @param {string} method @param {string} url @param {Blob | FormData} body
 * @param {{headers: Record<string, string>, signal: AbortSignal}} transfer @returns {Promise<Answer>}
 */
async function transferByFetch(method, url, body, { headers, signal }) {
  try {
    const answer = await fetch(url, { method, body, headers, signal });
    const retryAfter = seconds(answer.headers.get("Retry-After"));
    return { status: answer.status, text: await answer.text(), retryAfter };
  } catch {
    signal.throwIfAborted();
    return { status: 0, text: "", retryAfter: null };
  }
}

/** The presigned URLs of an upload's parts: requested in batches, and again once they are about to expire. */
class PartUrls {
  /** @type {Map<number, SignedPut & {until: number}>} */ #known = new Map();
  /** @type {Promise<unknown>} */ #signing = Promise.resolve();
  #sign;
  #batch;

  /** @param {(numbers: number[]) => Promise<any>} sign @param {number} batch */
  constructor(sign, batch) {
    this.#sign = sign;
    this.#batch = batch;
  }

  /** @param {any} signed Answer to a request for URLs. */
  add({ strategy, upload_url: url, headers, parts, expires_in: expiresInS }) {
    // A URL that lives for seconds only, as in tests, is used for half of its life.
    const until = performance.now() + Math.max(expiresInS * 1000 - URL_MARGIN_MS, expiresInS * 500);
    if (strategy === "single") this.#known.set(0, { url, headers, until });
    for (const part of parts ?? []) this.#known.set(part.part_number, { ...part, until });
  }

  /**
   * How to send a part.
   * @param {number} number @param {number[]} next Parts whose URLs will be needed after it.
   * @returns {Promise<SignedPut>}
   */
  async of(number, next) {
    const fresh = () => {
      const known = this.#known.get(number);
      return known && known.until > performance.now() ? known : null;
    };
    if (!fresh()) {
      // One request at a time: the one that is under way may include this part.
      this.#signing = this.#signing.catch(() => {}).then(async () => {
        if (!fresh()) this.add(await this.#sign([number, ...next.slice(0, this.#batch - 1)]));
      });
      await this.#signing;
    }
    return /** @type {SignedPut} */ (this.#known.get(number));
  }

  /** @param {number} number */
  drop(number) {
    this.#known.delete(number);
  }
}

// Memory of uploads

/** @returns {Memory | null} */
function browserStorage() {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null; // The browser forbids it.
  }
}

/** The uploads that this browser began, by server, user and file. Nothing of the file is stored. */
class Notes {
  /** @param {Memory | null} storage @param {string} api @param {string} user */
  constructor(storage, api, user) {
    this.storage = storage;
    this.prefix = `${STORAGE_PREFIX}${JSON.stringify([api, user])}:`;
  }

  /** @param {string} file @returns {Remembered | null} */
  read(file) {
    try {
      return JSON.parse(this.storage?.getItem(this.prefix + file) ?? "null");
    } catch {
      return null;
    }
  }

  /** @param {string} file @param {Remembered | null} note null forgets it. */
  write(file, note) {
    try {
      if (note) this.storage?.setItem(this.prefix + file, JSON.stringify(note));
      else this.storage?.removeItem(this.prefix + file);
    } catch {
      // The storage is full: the upload can still be continued by its id.
    }
  }

  /** The files of all notes. */
  files() {
    const keys = Array.from({ length: this.storage?.length ?? 0 }, (_, index) => this.storage?.key(index) ?? "");
    return keys.filter((key) => key.startsWith(this.prefix)).map((key) => key.slice(this.prefix.length));
  }
}

/** A random key of 128 bits; `crypto.randomUUID` exists on secure pages only. */
function randomKey() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/**
 * Whether a user belongs to a share of all users; always the same for the same key, and for every larger share.
 *
 * @param {number} share 0 to 1.
 * @param {string} key
 */
export function isInShare(share, key) {
  let hash = 0x811c9dc5; // FNV-1a
  for (const byte of new TextEncoder().encode(key)) hash = Math.imul(hash ^ byte, 0x01000193);
  // FNV mixes the high bits of short keys badly, and those decide here.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32 < share;
}

// Progress

/** Adds up what was sent, and derives the rate of the last seconds. */
export class Meter {
  /** @param {number} totalBytes @param {() => number} [now] Milliseconds. */
  constructor(totalBytes, now = () => performance.now()) {
    this.totalBytes = totalBytes;
    this.now = now;
    this.arrivedBytes = 0;
    /** Bytes of each transfer that is under way. @type {Map<number, number>} */
    this.moving = new Map();
    /** @type {{at: number, bytes: number}[]} */
    this.samples = [];
    this.movedBytes = 0;
  }

  /** @param {number} transfer @param {number} bytes */
  move(transfer, bytes) {
    this.movedBytes += Math.max(0, bytes - (this.moving.get(transfer) ?? 0));
    this.moving.set(transfer, bytes);
    const at = this.now();
    this.samples.push({ at, bytes: this.movedBytes });
    while (this.samples.length > 2 && at - this.samples[0].at > RATE_WINDOW_MS) this.samples.shift();
  }

  /** @param {number} transfer @param {number} bytes Bytes that arrived with it; 0 if it failed. */
  end(transfer, bytes) {
    if (bytes) this.move(transfer, bytes);
    this.moving.delete(transfer);
    this.arrivedBytes += bytes;
  }

  /** Forgets the rate, because nothing is sent for a while. */
  rest() {
    this.samples = [];
  }

  /** @returns {Progress} */
  get progress() {
    const moving = [...this.moving.values()].reduce((sum, bytes) => sum + bytes, 0);
    const sentBytes = Math.min(this.totalBytes, this.arrivedBytes + moving);
    const [first] = this.samples;
    const elapsedS = first ? (this.now() - first.at) / 1000 : 0;
    const bytesPerSecond = elapsedS >= 0.5 ? (this.movedBytes - first.bytes) / elapsedS : null;
    const secondsLeft = bytesPerSecond ? (this.totalBytes - sentBytes) / bytesPerSecond : null;
    const ratio = sentBytes / (this.totalBytes || 1);
    return { sentBytes, totalBytes: this.totalBytes, ratio, bytesPerSecond, secondsLeft };
  }
}

// Recording

/** @param {MediaStream | MediaRecorder} source @param {RecordingOptions} options */
function recorderOf(source, { recorder }) {
  if (!("getTracks" in source)) return source;
  const kind = source.getVideoTracks().length ? "video" : "audio";
  try {
    const mimeType = RECORDED_TYPES.find((type) => type.startsWith(kind) && MediaRecorder.isTypeSupported(type));
    return new MediaRecorder(source, { mimeType, ...recorder });
  } catch (error) {
    throw unrecordable(error);
  }
}

/** @param {unknown} error of the browser @returns {UploadError} */
const unrecordable = (error) => new UploadError("record", "recording_unsupported", { detail: String(error), cause: error });

/**
 * The bytes of a recording, which grow until it is stopped. All of them are kept up to `keepBytes`; beyond that, those
 * that the bucket has are dropped, oldest first.
 */
class Capture {
  /** @type {Blob[]} */ #blobs = [];
  /** @type {Set<number>} */ #arrived = new Set();
  /** Resolves with the next change, and is then replaced. */ #change = withResolvers();
  #end = withResolvers();
  #keepBytes;
  /** @type {() => void} */ #halt;
  /** @type {MediaRecorder | null} */ #recorder = null;
  /** Bytes that were recorded. */ size = 0;
  droppedBytes = 0;
  /** @type {CaptureStatus["state"]} */ state = "recording";
  reason = "";
  /** The first part that the server refused, with its error. @type {{number: number, error: ApiError} | null} */
  refused = null;
  onGrowth = () => {};
  onState = () => {};

  /** @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} options */
  constructor(source, options) {
    const { partSize = RECORDED_PART_BYTES, keepBytes = KEPT_BYTES, timeslice = 1000, type = "video/webm" } = options;
    this.partBytes = partSize;
    this.#keepBytes = Math.max(keepBytes, 2 * partSize);
    this.ended = this.#end.promise;
    if (!("getTracks" in source || "requestData" in source)) {
      this.type = type;
      const halted = new AbortController();
      this.#halt = () => halted.abort();
      this.#read(source, halted.signal);
      return;
    }
    const recorder = (this.#recorder = recorderOf(source, options));
    recorder.addEventListener("dataavailable", ({ data }) => this.#append(data));
    recorder.addEventListener("error", () => (this.reason ||= "failed"));
    recorder.addEventListener("stop", () => this.#stopped());
    for (const change of ["pause", "resume"]) recorder.addEventListener(change, () => this.#show());
    this.#halt = () => recorder.state !== "inactive" && recorder.stop();
    try {
      recorder.start(timeslice);
    } catch (error) {
      throw unrecordable(error);
    }
    this.type = recorder.mimeType || type;
  }

  /** Pauses or resumes the recorder. Returns whether that changed its state. @param {"pause" | "resume"} change */
  turn(change) {
    if (this.#recorder?.state !== (change === "pause" ? "recording" : "paused")) return false;
    this.#recorder[change]();
    return true;
  }

  /** @param {string} reason */
  async stop(reason) {
    this.reason ||= reason;
    this.#halt();
    await this.ended;
  }

  /** Bytes that the server accepts. */
  get acceptedBytes() {
    return this.refused ? (this.refused.number - 1) * this.partBytes : this.size;
  }

  /** @param {number} begin @param {number} end */
  slice(begin, end) {
    if (begin < this.droppedBytes) throw new UploadError("upload", "recording_incomplete");
    const pieces = [];
    let at = this.droppedBytes;
    for (const blob of this.#blobs) {
      if (at < end && at + blob.size > begin) pieces.push(blob.slice(Math.max(0, begin - at), end - at));
      at += blob.size;
    }
    return new Blob(pieces, { type: this.type });
  }

  /**
   * The numbers of the parts that are to be sent, each when all its bytes were recorded; the last one after the end.
   * @param {number[]} received @param {number[]} missing Some of those that are to be sent.
   * @param {AbortSignal} signal @returns {AsyncGenerator<number, undefined>}
   */
  async *numbers(received, missing, signal) {
    this.#arrived = new Set(received.filter((number) => !missing.includes(number)));
    const arrived = new Set(this.#arrived);
    for (let number = 1; ; number += 1) {
      const end = number * this.partBytes;
      while (this.size < end && this.state !== "stopped") await orAbort(this.#change.promise, signal);
      if (end - this.partBytes >= this.acceptedBytes) return undefined;
      if (!arrived.has(number)) yield number;
    }
  }

  /** The field with which a part is signed that is smaller than the others. @param {number} number */
  lastPart(number) {
    const size = this.size - (number - 1) * this.partBytes;
    return size < this.partBytes ? { last_part_size: size } : {};
  }

  /** The bucket has this part. @param {number} number */
  arrived(number) {
    this.#arrived.add(number);
    this.#limit();
    this.#wake();
  }

  /** The server accepts no part from this one on: the recording ends. @param {number} number @param {ApiError} error */
  refuse(number, error) {
    if (!this.refused || number < this.refused.number) this.refused = { number, error };
    void this.stop(error.code);
  }

  /** @param {Blob} blob */
  #append(blob) {
    if (!blob.size) return;
    this.#blobs.push(blob);
    this.size += blob.size;
    if (this.#limit() && this.#recorder) void this.stop("buffer_full");
    this.onGrowth();
    this.#wake();
  }

  /** Drops what need not be kept. Returns whether more is to be sent than may be kept. */
  #limit() {
    let number = 1;
    while (this.#arrived.has(number)) number += 1;
    const sentBytes = (number - 1) * this.partBytes;
    while (this.size - this.droppedBytes > this.#keepBytes && this.droppedBytes + this.#blobs[0].size <= sentBytes) {
      this.droppedBytes += this.#blobs[0].size;
      this.#blobs.shift();
    }
    return this.size - sentBytes > this.#keepBytes;
  }

  /** Reads chunks; while more is kept than may be, it waits. @param {Chunks} chunks @param {AbortSignal} signal */
  async #read(chunks, signal) {
    const reader = "getReader" in chunks ? chunks.getReader() : chunks[Symbol.asyncIterator]();
    try {
      for (;;) {
        const { done, value } = await orAbort("read" in reader ? reader.read() : reader.next(), signal);
        if (done) break;
        this.#append(value instanceof Blob ? value : new Blob([value]));
        while (this.#limit()) await orAbort(this.#change.promise, signal);
      }
    } catch {
      if (!signal.aborted) this.reason ||= "failed";
      Promise.resolve("read" in reader ? reader.cancel() : reader.return?.()).catch(() => {});
    }
    this.#stopped();
  }

  #stopped() {
    this.reason ||= "ended";
    this.state = "stopped";
    this.#end.resolve();
    this.#wake();
    // Last: a listener of the caller may throw.
    this.#show();
  }

  #show() {
    const state = this.#recorder?.state ?? "inactive";
    this.state = state === "inactive" ? "stopped" : state;
    this.onState();
  }

  #wake() {
    this.#change.resolve();
    this.#change = withResolvers();
  }
}

// The upload

/** Uploads that a closed page would interrupt. @type {Set<Upload>} */
const unsaved = new Set();

/** @param {BeforeUnloadEvent} event */
function askBeforeLeaving(event) {
  if ([...unsaved].some(({ state }) => state !== "paused")) event.preventDefault();
}

/**
 * One upload of one file. It begins by itself.
 *
 * Events: `progress`, `state` and `stage`, whose `detail` is a `Progress`, a `State` and a `VideoStatus`; and
 * `fallback`, before the old route is used because the bucket cannot be reached: `preventDefault()` makes the upload
 * fail instead.
 */
export class Upload extends EventTarget {
  /** @type {UploadOptions} */ #options;
  /** @type {Client} */ #client;
  /** @type {Meter} */ #meter;
  /** @type {Notes} */ #notes;
  /** @type {Blob | Capture} */ #source;
  /** @type {Step} */ #step = "presign";
  /** @type {State} */ #state = "requesting";
  /** What the upload does when it is neither paused nor offline. @type {State} */ #activity = "requesting";
  /** @type {Remembered | null} */ #note = null;
  /** @type {PartUrls} */ #urls;
  /** Aborts what is under way, when the upload is paused or cancelled. */
  #attempt = new AbortController();
  /** @type {Resolvable | null} */ #paused = null;
  /** @type {Promise<void> | null} */ #reconnecting = null;
  #isCancelled = false;
  #hasBucketAnswered = false;
  /** When the bucket first failed to answer, while the API did. @type {number | null} */ #silentSince = null;
  #movedAt = performance.now();
  #reportedAt = 0;

  /** @param {Blob | Capture} source @param {UploadOptions} [options] */
  constructor(source, options = {}) {
    super();
    this.#source = source;
    this.filename = options.filename ?? (source instanceof File ? source.name : "video");
    /** The id of the video, once it exists. @type {string | null} */
    this.videoId = null;
    /** How the file is sent: to the bucket, or by the old route through the API. @type {"bucket" | "api"} */
    this.route = "bucket";
    this.#options = options;
    this.#client = new Client(options);
    this.#meter = new Meter(source.size);
    if (source instanceof Capture) {
      source.onGrowth = () => {
        this.#meter.totalBytes = source.size;
        this.#moved();
      };
    }
    this.#notes = new Notes(null, "", "");
    this.#urls = this.#partUrls();
    /** The video once it is ready, or an `UploadError`. @type {Promise<Video>} */
    this.promise = this.#run();
    // An upload may also be followed by its events alone.
    this.promise.catch(() => {});
  }

  /** What is uploaded; of a recording, what the page keeps of it. @returns {Blob} */
  get file() {
    const source = this.#source;
    if (source instanceof Blob) return source;
    return new File([source.slice(source.droppedBytes, source.size)], this.filename, { type: source.type });
  }

  /** @returns {State} */
  get state() {
    return this.#state;
  }

  /** @returns {Progress} */
  get progress() {
    return this.#meter.progress;
  }

  /** Stops sending until `resume`. What has arrived is kept. Returns whether there was something to pause. */
  pause() {
    if (this.#paused || !(isSending(this.#activity) || this.#activity === "waiting")) return false;
    this.#paused = withResolvers();
    this.#attempt.abort(new DOMException("Paused", "AbortError"));
    this.#show();
    return true;
  }

  /** Goes on after `pause`. Returns whether the upload was paused. */
  resume() {
    return this.#resume();
  }

  /** Goes on after a failure, with what has arrived. Returns false if there was none before processing. */
  retry() {
    if (this.#state !== "failed" || this.#step === "processing") return false;
    if (this.#source instanceof Capture) this.#source.refused = null;
    this.#enter("requesting");
    this.promise = this.#run();
    this.promise.catch(() => {});
    return true;
  }

  #resume() {
    const paused = this.#paused;
    this.#paused = null;
    if (paused) this.#activity = "requesting";
    paused?.resolve();
    this.#show();
    return paused !== null;
  }

  /**
   * Ends the upload and erases what has arrived. Returns false if it had ended, or processing has begun: delete the
   * video instead.
   */
  async cancel() {
    if (["done", "failed", "cancelled"].includes(this.#state)) return false;
    if (this.#state === "processing" && !(await this.#erase())) return false;
    await this.#stop();
    return true;
  }

  async #stop() {
    this.#isCancelled = true;
    this.#attempt.abort(new UploadError(this.#step, "cancelled"));
    this.#resume();
    await this.promise.catch(() => {});
  }

  /** @returns {Promise<Video>} */
  async #run() {
    // The caller adds its listeners before the first event.
    await null;
    const listening = this.#listen();
    try {
      const status = await this.#sent();
      const video = await this.#processed(status);
      this.#enter("done");
      return video;
    } catch (error) {
      throw await this.#ended(error);
    } finally {
      listening.abort();
      this.#release();
    }
  }

  /** The page may be closed, as far as this upload is concerned. */
  #release() {
    unsaved.delete(this);
    if (!unsaved.size) globalThis.removeEventListener?.("beforeunload", askBeforeLeaving);
  }

  /** Listens to the network and to the caller's signal; the returned controller ends that. */
  #listen() {
    const listening = new AbortController();
    const { signal } = listening;
    for (const change of ["offline", "online"]) globalThis.addEventListener?.(change, () => this.#show(), { signal });
    const { signal: callers, warnBeforeLeaving = true } = this.#options;
    const stop = async () => (await this.cancel()) || this.#stop();
    callers?.addEventListener("abort", stop, { signal });
    if (callers?.aborted) stop();
    if (warnBeforeLeaving) {
      unsaved.add(this);
      globalThis.addEventListener?.("beforeunload", askBeforeLeaving);
    }
    return listening;
  }

  /** @param {unknown} error */
  async #ended(error) {
    const failure = this.#isCancelled ? new UploadError(this.#step, "cancelled") : asUploadError(error, this.#step);
    if (this.#source instanceof Capture) await this.#source.stop(failure.code);
    if (this.#isCancelled) {
      if (this.#state !== "processing") await this.#erase();
      this.#forget();
      this.#enter("cancelled");
      return failure;
    }
    if (["upload_closed", "not_a_video"].includes(failure.code)) {
      this.#forget();
      this.videoId = null;
    }
    this.#enter("failed");
    return failure;
  }

  /** Cancels the upload on the server, if it is not too late; the server does so by itself after a day. */
  async #erase() {
    if (!this.videoId) return true;
    const path = `/api/videos/${this.videoId}/upload`;
    for (let failures = 0; ; failures += 1) {
      try {
        await this.#client.call("DELETE", path);
        return true;
      } catch (error) {
        if (!isTransient(error) || failures >= MIN_FAILURES) return false;
        await sleep(backoff(failures, this.#options.retry));
      }
    }
  }

  // Sending, from the request to the completion

  /** Sends the file, as often as it is paused and resumed. */
  async #sent() {
    const user = await this.#client.user().catch(() => "");
    const { storage = browserStorage(), direct = 1, directKey } = this.#options;
    this.#notes = new Notes(storage, this.#client.api, user);
    if (direct < 1 && !isInShare(direct, directKey || user || anonymousKey(storage))) this.route = "api";
    for (;;) {
      await this.#paused?.promise;
      if (!this.#isCancelled) this.#attempt = new AbortController();
      try {
        this.#attempt.signal.throwIfAborted();
        return await this.#alone(() => this.#send());
      } catch (error) {
        if (!this.#paused || this.#isCancelled) throw error;
      } finally {
        this.#meter.rest();
      }
    }
  }

  /**
   * Runs the work while no other tab sends the same file.
   * @template T @param {() => Promise<T>} work @returns {Promise<T>}
   */
  async #alone(work) {
    const locks = globalThis.navigator?.locks;
    if (!locks || this.#options.resume === null) return work();
    const name = `telecine-upload:${this.#notes.prefix}${this.#fingerprint}`;
    const began = Date.now();
    this.#note ??= this.#notes.read(this.#fingerprint);
    /** @returns {Promise<T>} */
    const wait = () => {
      this.#enter("waiting");
      return locks.request(name, { signal: this.#attempt.signal }, () => {
        const note = this.#notes.read(this.#fingerprint);
        // The other tab has just finished this file: its video is this upload's, too.
        if (note && (note.finishedAt ?? 0) >= began) this.videoId ??= note.videoId ?? null;
        return work();
      });
    };
    const held = await locks.request(name, { ifAvailable: true }, async (lock) => lock && { value: await work() });
    return held ? held.value : wait();
  }

  /** What identifies the file in this browser. */
  get #fingerprint() {
    const { size, type } = this.#source;
    return JSON.stringify([this.filename, size, this.#lastModified, type]);
  }

  get #lastModified() {
    return this.#source instanceof File ? this.#source.lastModified : 0;
  }

  /** @returns {Promise<VideoStatus["status"]>} */
  async #send() {
    if (this.#source instanceof Blob && !this.#source.size) throw new UploadError("presign", "empty_file");
    if (this.route === "api") return this.#sendForm();
    try {
      return await this.#sendToBucket();
    } catch (error) {
      if (!(error instanceof UploadError && error.code === "bucket_unreachable")) throw error;
      const event = new CustomEvent("fallback", { cancelable: true, detail: { reason: error.code } });
      if (this.#options.fallback === false || !this.dispatchEvent(event)) throw error;
      await this.#erase();
      this.#forget();
      this.videoId = null;
      this.route = "api";
      return this.#sendForm();
    }
  }

  /** @returns {Promise<VideoStatus["status"]>} */
  async #sendToBucket() {
    this.#enter("requesting", "presign");
    let plan = await this.#planned();
    for (let rounds = 1; ; rounds += 1) {
      if (!plan.isComplete) {
        this.#enter("sending", "upload");
        await this.#sendParts(plan);
      }
      this.#enter("completing", "complete");
      try {
        const { status } = await this.#call("POST", `/api/videos/${this.videoId}/upload/complete`, { success: true });
        this.#finish();
        return status;
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        if (!RESENDABLE.has(error.code) || rounds >= MAX_COMPLETIONS) throw error;
        plan = await this.#resumed(/** @type {string} */ (this.videoId));
      }
    }
  }

  /** Continues this upload, or the one that was asked for or is remembered; else requests a new one. */
  async #planned() {
    const { resume = "auto" } = this.#options;
    const asked = this.videoId ?? (resume === "auto" ? null : resume);
    if (asked) return this.#resumed(asked);
    const note = resume === "auto" ? this.#notes.read(this.#fingerprint) : null;
    this.#note = note && !note.finishedAt ? note : null;
    const remembered = this.#note?.videoId;
    const plan = remembered ? await this.#resumed(remembered).catch(absent) : null;
    if (plan) return plan;
    if (remembered) this.#note = null;
    return this.#requested();
  }

  /** What is missing of an upload, as the server sees it. @param {string} videoId @returns {Promise<Plan>} */
  async #resumed(videoId) {
    const progress = await this.#call("GET", `/api/videos/${videoId}/upload`);
    const isOther = this.#source instanceof Blob && progress.file_size !== this.#source.size;
    if (isOther) throw new UploadError("upload", "other_file");
    if (progress.status === "failed") throw new UploadError("upload", "upload_closed");
    this.#begin(videoId);
    const { file_size: size, missing_parts: missing, received_parts: received } = progress;
    this.#meter.arrivedBytes = progress.received_bytes;
    const isComplete = progress.status !== "uploading" || (size !== null && progress.received_bytes >= size);
    if (progress.strategy === "single") return { size, missing: [0], received: [], isComplete };
    return { size: progress.part_size, missing, received, isComplete };
  }

  /** @returns {Promise<Plan>} */
  async #requested() {
    const source = this.#source;
    const { size } = source;
    const isGrowing = source instanceof Capture;
    const { strategy = "auto" } = this.#options;
    const fromBytes = strategy === "auto" ? PARTS_FROM_BYTES : MAX_PUT_BYTES + 1;
    const inParts = isGrowing || strategy === "multipart" || size >= fromBytes;
    const body = {
      filename: this.filename,
      ...(isGrowing ? { part_size: source.partBytes } : { file_size: size }),
      content_type: source.type,
      strategy: inParts ? "multipart" : "single",
      ...this.#described(),
    };
    const granted = await this.#create((key) => this.#call("POST", "/api/videos/upload/presigned", body, key));
    this.#begin(granted.video_id);
    this.#urls.add(granted);
    const isSingle = granted.strategy === "single";
    const missing = isSingle ? [0] : Array.from({ length: granted.part_count }, (_, index) => index + 1);
    return { size: isSingle ? size : granted.part_size, missing, received: [], isComplete: false };
  }

  /** @param {string} videoId */
  #begin(videoId) {
    if (videoId !== this.videoId) this.#urls = this.#partUrls();
    this.videoId = videoId;
    this.#remember({ videoId });
  }

  /**
   * Creates a video under a key that is stored before the request, so that a repetition finds the same video, even
   * after a reload. A key that belongs to something else is replaced once.
   * @template T @param {(key: string) => Promise<T>} send @returns {Promise<T>}
   */
  async #create(send) {
    try {
      return await send(this.#remember({}).key);
    } catch (error) {
      if (!(error instanceof ApiError && /^idempotency_key_(reused|spent)$/.test(error.code))) throw error;
      return send(this.#remember({ key: randomKey() }).key);
    }
  }

  /** The caller's fields of the video. */
  #described() {
    const { title, externalId, metadata, language, keywords, original, keepDays } = this.#options;
    const fields = { title, external_id: externalId, metadata, language, keywords, original, keep_days: keepDays };
    return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
  }

  #partUrls() {
    const source = this.#source;
    const batch = Math.min(100, Math.max(1, this.#options.partUrls ?? 20));
    return new PartUrls((numbers) => {
      const path = `/api/videos/${this.videoId}/upload`;
      if (!numbers[0]) return this.#call("POST", `${path}/presigned`);
      const last = source instanceof Capture ? source.lastPart(numbers[0]) : {};
      return this.#call("POST", `${path}/parts`, { part_numbers: numbers, ...last });
    }, batch);
  }

  /** @param {Plan} plan */
  async #sendParts({ size, missing, received }) {
    const source = this.#source;
    const queue = [...missing];
    const parallel = Math.max(1, this.#options.parallel ?? TRANSFERS_AT_ONCE);
    transfers.limit = Math.max(transfers.limit, parallel);
    // The first failure for good ends the other lanes.
    const lanes = new AbortController();
    const signal = AbortSignal.any([this.#attempt.signal, lanes.signal]);
    const recorded = source instanceof Capture ? source.numbers(received, missing, signal) : null;
    const next = async () => (recorded ? (await recorded.next()).value : queue.shift());
    const lane = async () => {
      for (let number = await next(); number !== undefined; number = await next()) {
        await this.#sendPart(number, size, recorded ? [] : queue, signal);
      }
    };
    const running = Array.from({ length: recorded ? parallel : Math.min(parallel, queue.length) }, () =>
      lane().catch((error) => {
        lanes.abort(error);
        throw error;
      }),
    );
    await Promise.allSettled(running);
    await Promise.all(running);
    if (source instanceof Capture) await this.#checkRecorded(source);
  }

  /** All that was recorded is sent, as far as the server accepts it. @param {Capture} source */
  async #checkRecorded(source) {
    await orAbort(source.ended, this.#attempt.signal);
    this.#meter.totalBytes = source.acceptedBytes;
    if (source.acceptedBytes) return;
    await this.#erase();
    this.videoId = null;
    throw source.refused?.error ?? new UploadError("upload", "empty_recording");
  }

  /**
   * Sends a part until the bucket has it, with a fresh URL after a refusal.
   * @param {number} number @param {number} size @param {number[]} next @param {AbortSignal} signal
   */
  async #sendPart(number, size, next, signal) {
    const source = this.#source;
    const begin = Math.max(0, number - 1) * size;
    const body = source.slice(begin, Math.min(begin + size, source.size));
    let refusals = 0;
    let isReachable = false;
    try {
      await this.#persist(async (failures) => {
        const { url, headers } = await this.#urls.of(number, next);
        const answer = await transfers.use(() => this.#transfer(number, "PUT", url, body, headers, signal), signal);
        this.#hasBucketAnswered ||= answer.status > 0;
        if (isAccepted(answer)) return;
        const error = new TransferError(answer);
        if (error.status || failures) this.#urls.drop(number); // A refusal may reach the page as a closed connection.
        if (!error.status) isReachable = await this.#diagnose(url, isReachable);
        if (error.status === 404) throw new UploadError("upload", "upload_closed", { cause: error });
        if (error.isRefusal) error.isRepeatable = (refusals += 1) < MAX_REFUSALS;
        throw error;
      }, signal);
      if (source instanceof Capture) source.arrived(number);
    } catch (error) {
      if (!(source instanceof Capture && error instanceof ApiError && LIMITS.has(error.code))) throw error;
      source.refuse(number, error);
    }
  }

  /**
   * @param {number} id @param {string} method @param {string} url @param {Blob | FormData} body
   * @param {Record<string, string>} headers @param {AbortSignal} signal
   */
  async #transfer(id, method, url, body, headers, signal) {
    const size = body instanceof Blob ? body.size : this.#source.size;
    const onProgress = (/** @type {number} */ bytes) => {
      this.#meter.move(id, Math.min(bytes, size));
      this.#moved();
    };
    let arrivedBytes = 0;
    try {
      const { stall = 60 } = this.#options;
      const answer = await transfer(method, url, body, { headers, signal, stall, onProgress });
      if (isAccepted(answer)) arrivedBytes = size;
      return answer;
    } finally {
      this.#meter.end(id, arrivedBytes);
      // What a pause has cut off did not arrive, and is sent again.
      if (arrivedBytes || this.#paused) this.#moved(true);
    }
  }

  /** Sends the file by the old route, in one form. */
  async #sendForm() {
    this.#enter("sending", "upload");
    this.#meter.arrivedBytes = 0;
    if (this.#source instanceof Capture) await orAbort(this.#source.ended, this.#attempt.signal);
    const form = new FormData();
    for (const [name, value] of Object.entries(this.#described())) {
      form.append(name, typeof value === "string" ? value : JSON.stringify(value));
    }
    form.append("file", this.file, this.filename);
    const { signal } = this.#attempt;
    const send = (/** @type {string} */ key) => this.#persist(async () => {
      const answer = await this.#client.authorized((headers) => {
        const url = `${this.#client.api}/api/videos/upload`;
        return this.#transfer(0, "POST", url, form, { ...headers, "Idempotency-Key": key }, signal);
      });
      const content = answer.text.startsWith("{") ? JSON.parse(answer.text) : {};
      if (isAccepted(answer)) return content;
      if (!answer.status) await this.#checkFile();
      throw new ApiError(answer.status, { ...content, retryAfter: answer.retryAfter });
    }, signal);
    const { video_id, status } = await this.#create(send);
    this.#begin(video_id);
    this.#finish();
    return status;
  }

  // Failures

  /**
   * Calls the API until it answers.
   * @param {string} method @param {string} path @param {unknown} [body] @param {string} [idempotencyKey]
   */
  async #call(method, path, body, idempotencyKey) {
    const { signal } = this.#attempt;
    return this.#persist(() => this.#client.call(method, path, { body, signal, idempotencyKey }), signal);
  }

  /**
   * Repeats an attempt while its errors are transient: after a delay, or once the network is back.
   * @template T @param {(failures: number) => Promise<T>} attempt @param {AbortSignal} signal @returns {Promise<T>}
   */
  async #persist(attempt, signal) {
    const { patience = 300, ...delays } = this.#options.retry ?? {};
    for (let failures = 0; ; failures += 1) {
      try {
        const result = await attempt(failures);
        this.#movedAt = performance.now();
        return result;
      } catch (error) {
        signal.throwIfAborted();
        if (!isTransient(error)) throw error;
        if (error.status === 0 && (await this.#reconnected())) continue;
        const isFailing = performance.now() - this.#movedAt > patience * 1000 && failures >= MIN_FAILURES;
        if (isFailing) throw error;
        await sleep((error.retryAfter ?? 0) + backoff(failures, delays), signal);
      }
    }
  }

  /** Waits until the server can be reached; false if it could be all the time. */
  async #reconnected() {
    if (!this.#reconnecting && isOnline() && (await this.#client.answers())) return false;
    this.#reconnecting ??= this.#reconnect(this.#attempt.signal).finally(() => (this.#reconnecting = null));
    await this.#reconnecting;
    return true;
  }

  /** @param {AbortSignal} signal */
  async #reconnect(signal) {
    this.#meter.rest();
    try {
      for (let failures = 0; ; failures += 1) {
        this.#show("offline");
        // Some systems report that they are offline although the server can be reached, so it is tried anyhow.
        await sleep(backoff(failures, { ...this.#options.retry, cap: PROBE_CAP_S }), signal);
        if (await this.#client.answers()) break;
      }
    } finally {
      this.#movedAt = performance.now();
    }
    this.#show(this.#activity);
  }

  /**
   * Finds out why the bucket gave no answer that the page may read, while the API does answer. Returns whether the
   * bucket can be reached. A bucket that is away for a moment is neither blocked nor without its CORS rule.
   * @param {string} url @param {boolean} wasReachable The same, before the transfer.
   */
  async #diagnose(url, wasReachable) {
    this.#attempt.signal.throwIfAborted();
    await this.#checkFile();
    const base = globalThis.location?.href;
    const bucket = new URL(url, base).origin;
    const isApis = bucket === new URL(this.#client.api || "/", base).origin;
    if (isApis || this.#hasBucketAnswered || !isOnline() || !(await this.#client.answers())) return false;
    this.#silentSince ??= performance.now();
    const isReachable = await this.#client.answers(`${bucket}/`);
    if (isReachable && wasReachable) {
      const detail = `The bucket ${bucket} does not accept uploads from pages of ${globalThis.location?.origin}.`;
      throw new UploadError("upload", "bucket_cors", { detail });
    }
    if (isReachable || performance.now() - this.#silentSince < UNREACHABLE_MS) return isReachable;
    throw new UploadError("upload", "bucket_unreachable", { detail: `The bucket ${bucket} cannot be reached.` });
  }

  /** A file that was moved or changed since it was chosen fails like the network. */
  async #checkFile() {
    try {
      if (this.#source instanceof Blob) await this.#source.slice(0, 1).arrayBuffer();
    } catch (error) {
      throw new UploadError("upload", "file_unreadable", { cause: error });
    }
  }

  // Processing

  /**
   * Follows the video until it is what the caller waits for.
   * @param {VideoStatus["status"]} status @returns {Promise<Video>}
   */
  async #processed(status) {
    this.#enter("processing", "processing");
    this.#release();
    const { until = "completed" } = this.#options;
    const { signal } = this.#attempt;
    const id = /** @type {string} */ (this.videoId);
    const path = `/api/videos/${id}`;
    /** @type {VideoStatus | null} */
    let last = null;
    if (until !== "uploaded" || status === "failed") {
      last = await follow(this.#client, id, {
        signal,
        isEnough: (each) => isTerminal(each) || (until === "playable" && each.playable),
        onStatus: (each) => report(this, "stage", each, this.#options.onStage),
      });
      signal.throwIfAborted();
    }
    if (last?.status === "failed") {
      const { code = "processing_failed", message = "" } = last.failure ?? {};
      const advice = message || undefined;
      throw new UploadError("processing", code, { detail: message, advice, problem: last.failure });
    }
    try {
      return await this.#call("GET", path);
    } catch (error) {
      // A token that permits uploads alone may read no more than the status.
      if (!(error instanceof ApiError && error.status === 403)) throw error;
      return last ?? (await this.#call("GET", `${path}/status`));
    }
  }

  // What is remembered and reported

  /** @param {Partial<Remembered>} what @returns {Remembered} */
  #remember(what) {
    const file = { filename: this.filename, size: this.#source.size, lastModified: this.#lastModified };
    this.#note = { key: randomKey(), ...file, ...this.#note, ...what };
    if (this.#options.resume !== null) this.#notes.write(this.#fingerprint, this.#note);
    return this.#note;
  }

  /** The note stays, for another tab that waits with the same file; it is no longer continued. */
  #finish() {
    this.#meter.arrivedBytes = this.#meter.totalBytes;
    this.#remember({ finishedAt: Date.now() });
    this.#moved(true);
  }

  #forget() {
    this.#note = null;
    this.#notes.write(this.#fingerprint, null);
  }

  /** @param {State} activity @param {Step} [step] */
  #enter(activity, step) {
    this.#activity = activity;
    this.#step = step ?? this.#step;
    this.#show();
  }

  /** Reports the state, if it has changed. @param {State} [state] */
  #show(state) {
    const active = isSending(this.#activity);
    const shown = state ?? (active && (!isOnline() || this.#reconnecting) ? "offline" : this.#activity);
    const next = this.#paused && (active || this.#activity === "waiting") ? "paused" : shown;
    if (next === this.#state) return;
    this.#state = next;
    report(this, "state", next, this.#options.onState);
  }

  /** Reports the progress: at most every 100 ms, but always the last. */
  #moved(isDue = false) {
    const now = performance.now();
    this.#movedAt = now;
    if (!isDue && now - this.#reportedAt < PROGRESS_INTERVAL_MS) return;
    this.#reportedAt = now;
    report(this, "progress", this.progress, this.#options.onProgress);
  }
}

/**
 * One recording, which is uploaded while it grows. `promise`, `state`, `progress` and their events are those of the
 * upload. The event `capture`, whose `detail` is the property, tells when the recorder pauses, resumes and stops.
 */
export class Recording extends Upload {
  /** @type {Capture} */ #capture;

  /** @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} [options] */
  constructor(source, options = {}) {
    const capture = new Capture(source, options);
    const extension = /mp4|matroska/.exec(capture.type)?.[0] ?? "webm";
    const filename = options.filename ?? `recording.${extension === "matroska" ? "mkv" : extension}`;
    super(capture, { ...options, filename, resume: null });
    this.#capture = capture;
    capture.onState = () => report(this, "capture", this.capture, options.onCapture);
  }

  /** What the recorder does, and what the page and the server have of the recording. @returns {CaptureStatus} */
  get capture() {
    const { state, reason, droppedBytes, size, acceptedBytes } = this.#capture;
    return { state, reason, droppedBytes, refusedBytes: size - acceptedBytes };
  }

  /** Pauses the recorder; what was recorded is still sent. Returns whether it was recording. @override */
  pause() {
    return this.#capture.turn("pause");
  }

  /** Resumes the recorder. Returns whether it was paused. @override */
  resume() {
    return this.#capture.turn("resume");
  }

  /** Ends the recording, and resolves with its video once the rest is sent. */
  async stop() {
    await this.#capture.stop("stop");
    return this.promise;
  }
}

/**
 * Tells the listeners of an event, and the caller's function for it.
 * @template T @param {EventTarget} target @param {string} name @param {T} detail
 * @param {((detail: T) => void)} [callback]
 */
function report(target, name, detail, callback) {
  target.dispatchEvent(new CustomEvent(name, { detail }));
  callback?.(detail);
}

/** @param {Answer} answer */
function isAccepted({ status }) {
  return status >= 200 && status < 300;
}

/**
 * A remembered upload that was closed, that the server does not know, or that was of another file, is none.
 * @param {unknown} error
 */
function absent(error) {
  const isUnknown = error instanceof ApiError && error.status === 404;
  if (isUnknown || (error instanceof UploadError && ["other_file", "upload_closed"].includes(error.code))) return null;
  throw error;
}

/** @param {State} state */
function isSending(state) {
  return state === "requesting" || state === "sending" || state === "completing";
}

function isOnline() {
  return globalThis.navigator?.onLine !== false;
}

/** What identifies this browser when the token names no user. @param {Memory | null} storage */
function anonymousKey(storage) {
  const name = `${STORAGE_PREFIX}browser`;
  const key = storage?.getItem(name) ?? randomKey();
  storage?.setItem(name, key);
  return key;
}

/** @param {VideoStatus} status */
function isTerminal(status) {
  return status.status === "completed" || status.status === "failed";
}

// Following

/**
 * The events of a stream of Server-Sent Events, of which each has one line of JSON.
 * @param {ReadableStream<Uint8Array>} body @param {() => void} onBytes @returns {AsyncGenerator<StreamEvent>}
 */
async function* eventsOf(body, onBytes) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      onBytes();
      const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = blocks.pop() ?? "";
      for (const block of blocks) {
        const lines = block.split("\n").map((line) => /** @type {[string, string]} */ (line.split(/: ?(.*)/s, 2)));
        const { id = null, event, data } = Object.fromEntries(lines);
        if (event && data) yield { id, event, data: JSON.parse(data) };
      }
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

/**
 * Opens a stream of the API with a ticket, so that the token is in no URL and the request needs no preflight.
 * @param {Client} client @param {string} path @param {string | null} lastId @param {AbortSignal} signal
 * @returns {AsyncGenerator<StreamEvent>}
 */
async function* stream(client, path, lastId, signal) {
  const { ticket } = await client.call("POST", "/api/events/ticket", { signal });
  const query = new URLSearchParams({ ticket, ...(lastId ? { last_event_id: lastId } : {}) });
  const silence = new AbortController();
  const end = () => silence.abort();
  let timer = setTimeout(end, STREAM_SILENCE_MS);
  try {
    const answer = await fetch(`${client.api}${path}?${query}`, {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.any([signal, silence.signal]),
    });
    if (!answer.ok || !answer.body) throw await refusal(answer);
    yield* eventsOf(answer.body, () => {
      clearTimeout(timer);
      timer = setTimeout(end, STREAM_SILENCE_MS);
    });
  } finally {
    clearTimeout(timer);
  }
}

/** Streams of single videos that are open. Over HTTP/1.1 more than one would use up the connections of all tabs. */
let openStreams = 0;

/** @param {string} api */
function mayOpenStream(api) {
  const url = api || globalThis.location?.href || "";
  return openStreams < (url.startsWith("https:") ? 4 : 1);
}

/**
 * Follows a stream of the API for as long as `handle` wants it. Where streams do not get through, it polls, and tries
 * the stream again from time to time.
 * @param {Client} client @param {string} path @param {object} options
 * @param {(event: StreamEvent) => Promise<boolean> | boolean} options.handle Returns whether it has seen enough.
 * @param {() => Promise<boolean>} options.poll Asks once, and returns the same.
 * @param {() => boolean} [options.mayStream]
 * @param {(state: "live" | "polling" | "away") => void} [options.onConnection] @param {AbortSignal} options.signal
 */
async function listen(client, path, { handle, poll, mayStream = () => true, onConnection, signal }) {
  /** @type {string | null} */
  let lastId = null;
  let failures = 0; // In a row, of anything.
  let streamAt = 0;
  while (!signal.aborted) {
    try {
      if (performance.now() >= streamAt && mayStream()) {
        streamAt = performance.now() + POLL_AGAIN_S * 1000;
        openStreams += 1;
        try {
          for await (const event of stream(client, path, lastId, signal)) {
            if (failures >= 0) onConnection?.("live");
            failures = -1;
            streamAt = 0;
            if (event.event === "reset") lastId = null;
            lastId = event.id ?? lastId;
            if (await handle(event)) return;
          }
        } finally {
          openStreams -= 1;
        }
      } else {
        if (await poll()) return;
        onConnection?.("polling");
        failures = 0;
        await sleep(2, signal).catch(() => {});
        continue;
      }
    } catch (error) {
      if (signal.aborted) return;
      const isStreams = error instanceof ApiError && ["invalid_ticket", "too_many_streams"].includes(error.code);
      if (error instanceof ApiError && !isTransient(error) && !isStreams) throw error;
      if (error instanceof ApiError && error.status === 0) onConnection?.("away");
    }
    failures = Math.max(0, failures) + 1;
    await sleep(backoff(failures, { cap: 15 }), signal).catch(() => {});
  }
}

/**
 * Follows one video; resolves with its last status: when that is enough, or the signal aborts.
 * @param {Client} client @param {string} videoId @param {object} options
 * @param {(status: VideoStatus) => void} [options.onStatus] @param {(status: VideoStatus) => boolean} options.isEnough
 * @param {AbortSignal} options.signal @returns {Promise<VideoStatus | null>}
 */
async function follow(client, videoId, { onStatus, isEnough, signal }) {
  const path = `/api/videos/${videoId}`;
  /** @type {VideoStatus | null} */
  let status = null;
  const see = (/** @type {VideoStatus} */ next) => {
    if (JSON.stringify(next) !== JSON.stringify(status)) onStatus?.(next);
    status = next;
    return isEnough(next);
  };
  const poll = async () => see(await client.call("GET", `${path}/status`, { signal }));
  await listen(client, `${path}/events`, {
    poll,
    signal,
    mayStream: () => mayOpenStream(client.api),
    handle: ({ event, data }) => {
      if (event === "snapshot") return see(data);
      if (event === "progress" && status) return see(withProgress(status, data));
      if (event === "end" && data.reason === "deleted") throw new ApiError(404, { code: "video_not_found" });
      return event === "end" || event === "reset" ? false : poll();
    },
  });
  return status;
}

/**
 * @param {VideoStatus} status
 * @param {{stage: string, percent: number, attempt: number, speed: number | null, eta_s: number | null}} progress
 * @returns {VideoStatus}
 */
function withProgress(status, { stage, percent, attempt, speed, eta_s }) {
  const changed = { state: "running", percent, attempt, speed, eta_s };
  return { ...status, stages: status.stages.map((each) => (each.name === stage ? { ...each, ...changed } : each)) };
}

// Public functions

/** Uploads a file and follows its video. @param {Blob} file @param {UploadOptions} [options] */
export function uploadVideo(file, options) {
  return new Upload(file, options);
}

/**
 * Records a stream, or takes the chunks of one that something else records, and uploads it while it grows.
 * @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} [options]
 * @throws {UploadError} `recording_unsupported`
 */
export function recordVideo(source, options) {
  return new Recording(source, options);
}

/**
 * The uploads of this browser and user that can go on: choose the file again and call `uploadVideo` with it. `isActive`
 * says that a tab is sending it now.
 *
 * @param {Connection & {storage?: Memory | null}} options
 * @returns {Promise<{videoId: string, filename: string, size: number, lastModified: number, receivedBytes: number,
 *   isActive: boolean}[]>}
 */
export async function resumableUploads({ storage = browserStorage(), ...connection }) {
  const client = new Client(connection);
  const notes = new Notes(storage, client.api, await client.user());
  const locks = (await globalThis.navigator?.locks?.query())?.held ?? [];
  const held = new Set(locks.map((lock) => lock.name));
  const found = notes.files().map(async (file) => {
    const note = notes.read(file);
    if (!note?.videoId) return [];
    const { videoId, filename, size, lastModified, finishedAt } = note;
    const isActive = held.has(`telecine-upload:${notes.prefix}${file}`);
    const progress = finishedAt ? null : await client.call("GET", `/api/videos/${videoId}/upload`).catch(absent);
    if (progress?.status !== "uploading") {
      if (!isActive) notes.write(file, null);
      return [];
    }
    return [{ videoId, filename, size, lastModified, receivedBytes: progress.received_bytes, isActive }];
  });
  return (await Promise.all(found)).flat();
}

/**
 * Follows a video: by Server-Sent Events, or by polling where they do not get through.
 *
 * @param {string} videoId
 * @param {Connection & {onStatus?: (status: VideoStatus) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<VideoStatus | null>} Its last status, when it is completed or has failed, or the signal aborts.
 * @throws {ApiError} The video does not exist, or the token is refused.
 */
export async function followVideo(videoId, { onStatus, signal = NEVER, ...connection } = {}) {
  return follow(new Client(connection), videoId, { onStatus, signal, isEnough: isTerminal });
}

/**
 * Follows all videos of the user until the signal aborts. `onEvent` gets the events of the stream (docs/events.md), and
 * `connection` events whose data is `{state: "live" | "polling" | "away"}`. While polling, it gets snapshots.
 *
 * @param {Connection & {onEvent: (event: StreamEvent) => void, signal?: AbortSignal}} options
 * @returns {Promise<void>}
 */
export async function followAll({ onEvent, signal = NEVER, ...connection }) {
  const client = new Client(connection);
  /** @type {string} */
  let shown = "";
  await listen(client, "/api/events", {
    signal,
    handle: (event) => {
      onEvent(event);
      return false;
    },
    poll: async () => {
      const { items, next_cursor } = await client.call("GET", "/api/videos?limit=100", { signal });
      onEvent({ id: null, event: "snapshot", data: { videos: items, complete: next_cursor === null } });
      return false;
    },
    onConnection: (state) => {
      if (state !== shown) onEvent({ id: null, event: "connection", data: { state } });
      shown = state;
    },
  });
}

/**
 * Calls the API once; a token that is refused is replaced once.
 *
 * @param {string} method
 * @param {string} path
 * @param {Connection & {body?: unknown, signal?: AbortSignal, idempotencyKey?: string}} [options]
 * @returns {Promise<any>} The JSON of the answer; null if it has none.
 * @throws {ApiError}
 */
export async function request(method, path, { body, signal, idempotencyKey, ...connection } = {}) {
  return new Client(connection).call(method, path, { body, signal, idempotencyKey });
}
