/**
 * Lets the unchanged plugin `@uppy/aws-s3` 6 upload to Telecine.
 *
 *     import AwsS3 from "@uppy/aws-s3"
 *     const telecine = telecineUppy({ api: "https://telecine.example", token })
 *     uppy.use(AwsS3, telecine.options)
 *     uppy.on("upload-success", (file, { body }) => console.log("video", body.key))
 *
 * The plugin asks `signRequest` for a URL before each of its requests. Parts go to the bucket's own presigned URLs; the
 * creation, the list of parts, the completion and the cancellation go to URLs of Telecine that are valid for one step and
 * a few minutes. The token is never part of a URL. An upload continues after a reload if Uppy's state is kept, as
 * `@uppy/golden-retriever` does, because its key is the id of the video.
 */

const MIB = 1024 * 1024;
const DEFAULT_PART_SIZE = 16 * MIB;
const TARGET_PART_COUNT = 9000;
const MAX_ATTEMPTS = 5;
/** The key belongs to another request, or to a video that was deleted. */
const SPENT = new Set(["idempotency_key_reused", "idempotency_key_spent"]);
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 20_000;

/**
 * @typedef {string | ((options: {refresh: boolean}) => string | Promise<string>)} Token
 *   The bearer token, or a function that returns it; with `refresh` the last one was refused.
 *
 * @typedef {object} UppyFile What this module reads of a file of Uppy.
 * @property {string} id
 * @property {string} [name]
 * @property {string} [type]
 * @property {number | null} [size]
 *
 * @typedef {object} SignableRequest What `@uppy/aws-s3` wants to send.
 * @property {"GET" | "POST" | "PUT" | "DELETE"} method
 * @property {string} key
 * @property {string} [uploadId]
 * @property {number} [partNumber]
 * @property {string} [contentType]
 *
 * @typedef {{url: string, key?: string, headers?: Record<string, string>}} SignedRequest
 *
 * @typedef {object} Settings
 * @property {string} [api] The base URL of Telecine; by default the page's own origin.
 * @property {Token} token
 * @property {number} [partSize] Bytes per part, at least 5 MiB; larger ones are used for files above 9,000 parts.
 * @property {(file: UppyFile) => Record<string, unknown>} [declare] Further fields of `POST /api/videos/upload/presigned`,
 *   such as `{ language: "de", title: "Holiday" }`.
 *
 * @typedef {object} PresignedPart
 * @property {number} part_number
 * @property {string} url
 * @property {Record<string, string>} headers
 *
 * @typedef {object} Grant
 * @property {string} video_id
 * @property {string | null} upload_url
 * @property {Record<string, string>} headers
 * @property {number} expires_in
 * @property {PresignedPart[]} parts
 *
 * @typedef {object} Adapter
 * @property {object} options The options of the plugin `AwsS3`.
 * @property {(request: SignableRequest) => Promise<SignedRequest>} options.signRequest
 * @property {(file: UppyFile) => string} options.generateObjectKey
 * @property {(file: {size: number}) => number} options.getChunkSize
 * @property {boolean} options.shouldUseMultipart
 * @property {(key: string) => Promise<void>} complete Reports a file complete that was sent in a single PUT; `key` is
 *   `body.key` of Uppy's event `upload-success`. Uploads in parts are completed by the plugin.
 */

/** An answer of Telecine that is an error: RFC 9457, with a stable `code`. */
export class TelecineError extends Error {
  /** @param {number} status @param {{code?: string, title?: string, detail?: string}} problem */
  constructor(status, problem) {
    super(problem.detail || problem.title || `Telecine answered with the status ${status}.`);
    this.name = "TelecineError";
    this.status = status;
    this.code = problem.code || "http_error";
  }
}

/**
 * The options that connect `@uppy/aws-s3` 6 to Telecine.
 *
 * @param {Settings} settings
 * @returns {Adapter}
 */
export function telecineUppy({ api = "", token, partSize = DEFAULT_PART_SIZE, declare = () => ({}) }) {
  const call = caller(api, token);
  /** What each key of Uppy stands for until its upload ends. @type {Map<string, {file: UppyFile, idempotencyKey: string}>} */
  const wanted = new Map();
  /** The key of Uppy for each video. @type {Map<string, string>} */
  const keys = new Map();
  /** The URLs of parts that came with the creation. @type {Map<string, Map<number, SignedRequest>>} */
  const presigned = new Map();

  /** @param {{size: number}} file */
  const getChunkSize = ({ size }) => Math.max(partSize, Math.ceil(size / TARGET_PART_COUNT / MIB) * MIB);

  /** @param {UppyFile} file */
  function generateObjectKey(file) {
    // A retry gets the key of the first attempt, and so the video that it may have created.
    const known = [...wanted].find(([, other]) => other.file.id === file.id);
    const key = known ? known[0] : randomKey();
    wanted.set(key, { file, idempotencyKey: known ? known[1].idempotencyKey : key });
    return key;
  }

  /** @param {string} videoId */
  function forget(videoId) {
    presigned.delete(videoId);
    wanted.delete(keys.get(videoId) ?? "");
    keys.delete(videoId);
  }

  /** @param {string} key @param {"single" | "multipart"} strategy @returns {Promise<Grant>} */
  async function request(key, strategy) {
    const upload = wanted.get(key);
    if (!upload) throw new Error("Telecine knows no file for this upload; remove it from Uppy and add it again.");
    const { file } = upload;
    const body = {
      filename: file.name || "video",
      file_size: file.size ?? 0,
      content_type: file.type || "",
      strategy,
      ...(strategy === "multipart" ? { part_size: getChunkSize({ size: file.size ?? 0 }) } : {}),
      ...declare(file),
    };
    const send = () => call("POST", "/api/videos/upload/presigned", body, { "Idempotency-Key": upload.idempotencyKey });
    const sendAnew = () => {
      upload.idempotencyKey = randomKey();
      return send();
    };
    const isOver = (/** @type {Error} */ error) => error instanceof TelecineError && SPENT.has(error.code);
    let grant = await send().catch((error) => (isOver(error) ? sendAnew() : Promise.reject(error)));
    // Its URLs have expired: the upload of an earlier attempt has ended.
    if (grant.expires_in === 0) grant = await sendAnew();
    keys.set(grant.video_id, key);
    return grant;
  }

  /** @param {string} videoId @param {"create" | "list" | "complete" | "abort"} action @returns {Promise<SignedRequest>} */
  async function ticketed(videoId, action) {
    const { url } = await call("POST", `/api/videos/${encodeURIComponent(videoId)}/upload/ticket`, { action });
    return { url: absolute(api, url), key: videoId };
  }

  /** @param {string} key */
  async function signCreation(key) {
    const grant = await request(key, "multipart");
    setTimeout(() => presigned.delete(grant.video_id), (grant.expires_in * 1000) / 2);
    presigned.set(grant.video_id, new Map(grant.parts.map((part) => [part.part_number, part])));
    return ticketed(grant.video_id, "create");
  }

  /** @param {string} key */
  async function signSinglePut(key) {
    const { upload_url: url, headers, video_id: videoId } = await request(key, "single");
    return { url: /** @type {string} */ (url), headers, key: videoId };
  }

  /** Each URL that came with the creation is used once, so that a repeated part gets a fresh one.
   *
   * @param {string} videoId @param {number} number
   */
  async function signPart(videoId, number) {
    const first = presigned.get(videoId)?.get(number);
    presigned.get(videoId)?.delete(number);
    if (first) return { url: first.url, headers: first.headers };
    const path = `/api/videos/${encodeURIComponent(videoId)}/upload/parts`;
    const [part] = (await call("POST", path, { part_numbers: [number] })).parts;
    return { url: part.url, headers: part.headers };
  }

  /** @param {SignableRequest} request @returns {Promise<SignedRequest>} */
  function signRequest({ method, key, uploadId, partNumber }) {
    if (method === "PUT") return partNumber === undefined ? signSinglePut(key) : signPart(key, partNumber);
    if (method === "GET") return ticketed(key, "list");
    if (method === "POST" && uploadId === undefined) return signCreation(key);
    if (method === "POST") {
      forget(key);
      return ticketed(key, "complete");
    }
    forget(key);
    return ticketed(key, "abort");
  }

  return {
    options: { shouldUseMultipart: true, getChunkSize, generateObjectKey, signRequest },
    async complete(key) {
      forget(key);
      await call("POST", `/api/videos/${encodeURIComponent(key)}/upload/complete`, { success: true });
    },
  };
}

/**
 * The message of Telecine in an error of `@uppy/aws-s3`, which itself shows only S3's code.
 *
 * @param {{message: string, body?: string}} error
 * @returns {string}
 */
export function messageOf(error) {
  const found = /<Message>([^<]*)<\/Message>/.exec(error.body || "");
  if (!found) return error.message;
  const entities = { "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#x27;": "'", "&amp;": "&" };
  return found[1].replace(/&(lt|gt|quot|#x27|amp);/g, (entity) => entities[/** @type {"&lt;"} */ (entity)]);
}

/** @param {string} api @param {Token} token */
function caller(api, token) {
  /** @param {boolean} refresh */
  const current = async (refresh) => (typeof token === "function" ? token({ refresh }) : token);

  /** @param {string} method @param {string} path @param {object} body @param {Record<string, string>} [headers] */
  return async function call(method, path, body, headers = {}) {
    let refresh = false;
    for (let attempt = 1; ; attempt += 1) {
      await online();
      const sent = { "Content-Type": "application/json", Authorization: `Bearer ${await current(refresh)}`, ...headers };
      const init = { method, headers: sent, body: JSON.stringify(body) };
      const answer = await fetch(absolute(api, path), init).catch((/** @type {Error} */ error) => error);
      if (!(answer instanceof Error) && answer.ok) return answer.json();
      const isStale = !(answer instanceof Error) && answer.status === 401 && typeof token === "function" && !refresh;
      if (!isStale && (attempt === MAX_ATTEMPTS || !isTransient(answer))) throw await failure(answer);
      if (isStale) refresh = true;
      else await pause(attempt, answer);
    }
  };
}

/** @param {Response | Error} answer */
function isTransient(answer) {
  return answer instanceof Error || answer.status >= 500 || answer.status === 429;
}

/** @param {Response | Error} answer @returns {Promise<Error>} */
async function failure(answer) {
  if (answer instanceof Error) return answer;
  return new TelecineError(answer.status, await answer.json().catch(() => ({})));
}

/** Waits with jitter, and at least as long as the server asks for. @param {number} attempt @param {Response | Error} answer */
function pause(attempt, answer) {
  const asked = answer instanceof Error ? 0 : Number(answer.headers.get("Retry-After")) * 1000 || 0;
  const backoff = FIRST_PAUSE_MS * 2 ** (attempt - 1) * (0.5 + Math.random());
  const ms = Math.min(Math.max(asked, backoff), LONGEST_PAUSE_MS);
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves once the browser is online. @returns {Promise<void>} */
function online() {
  if (typeof navigator === "undefined" || navigator.onLine !== false) return Promise.resolve();
  return new Promise((resolve) => addEventListener("online", () => resolve(), { once: true }));
}

/** @param {string} api @param {string} path */
function absolute(api, path) {
  const base = api || (typeof location === "undefined" ? "" : location.origin);
  return `${base.replace(/\/+$/, "")}${path}`;
}

function randomKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `uppy-${[...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`;
}
