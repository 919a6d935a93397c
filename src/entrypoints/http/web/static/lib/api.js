/**
 * The API with the session's token.
 *
 * @module
 */

import { t } from "./strings.js";

/** An error that the API answered, or `status` 0 if there was no answer. */
export class ApiError extends Error {
  /**
   * @param {number} status
   * @param {string} code
   * @param {string} title
   * @param {string} detail
   */
  constructor(status, code, title, detail) {
    super(detail || title);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = detail;
  }
}

/**
 * @typedef {object} Api
 * @property {(options?: {refresh?: boolean}) => Promise<string>} token
 * @property {(path: string) => Promise<any>} get
 * @property {(path: string, body?: object | string) => Promise<any>} post
 * @property {(path: string, body?: object | string) => Promise<any>} put
 * @property {(path: string, body: object) => Promise<any>} patch
 * @property {(path: string, options?: {keepalive?: boolean}) => Promise<any>} del
 */

/**
 * Create the client.
 *
 * @param {object} parts
 * @param {(options?: {refresh?: boolean}) => Promise<string>} parts.token
 * @param {(reachable: boolean) => void} [parts.onReach] called after each request
 * @param {Map<string, Promise<any>>} [parts.ahead] answers that were requested already; each is used once
 * @returns {Api}
 */
export function createApi({ token, onReach = () => undefined, ahead = new Map() }) {
  /**
   * @param {string} method
   * @param {string} path
   * @param {{body?: object | string, keepalive?: boolean}} [options]
   * @returns {Promise<any>}
   */
  async function call(method, path, { body, keepalive } = {}) {
    let response = await send(method, path, await token(), body, keepalive);
    if (response.status === 401) response = await send(method, path, await token({ refresh: true }), body, keepalive);
    if (response.ok) return read(response);
    throw await problemOf(response);
  }

  /**
   * @param {string} method
   * @param {string} path
   * @param {string} bearer
   * @param {object | string} [body] a string is captions
   * @param {boolean} [keepalive]
   */
  async function send(method, path, bearer, body, keepalive = false) {
    /** @type {Record<string, string>} */
    const headers = { Authorization: `Bearer ${bearer}` };
    if (body !== undefined) headers["Content-Type"] = typeof body === "string" ? "text/vtt" : "application/json";
    const content = typeof body === "object" ? JSON.stringify(body) : body;
    try {
      const response = await fetch(path, { method, headers, body: content, keepalive, cache: "no-store" });
      onReach(![502, 503, 504].includes(response.status));
      return response;
    } catch {
      onReach(false);
      throw new ApiError(0, "unreachable", t.unreachable, "");
    }
  }

  /** @param {string} path */
  function taken(path) {
    const answer = ahead.get(path);
    ahead.delete(path);
    return answer;
  }

  return {
    token,
    get: (path) => taken(path)?.catch(() => call("GET", path)) ?? call("GET", path),
    post: (path, body) => call("POST", path, { body }),
    put: (path, body) => call("PUT", path, { body }),
    patch: (path, body) => call("PATCH", path, { body }),
    del: (path, options) => call("DELETE", path, options),
  };
}

/**
 * JSON as data, captions and other texts as a string.
 *
 * @param {Response} response
 */
async function read(response) {
  if (response.status === 204) return null;
  return response.headers.get("content-type")?.includes("json") ? response.json() : response.text();
}

/** @param {Response} response */
async function problemOf(response) {
  try {
    const { code, title, detail } = await response.json();
    return new ApiError(response.status, code ?? "unknown", title ?? response.statusText, detail ?? "");
  } catch {
    return new ApiError(response.status, "unknown", response.statusText, "");
  }
}
