// Which errors are retried, after which pauses, and how often.

import { ClientError, errorOf } from "./errors.js";
import type { Client } from "./rest/client/index.js";

export const MAX_ATTEMPTS = 8;
const FIRST_PAUSE_S = 0.5;
const LONGEST_PAUSE_S = 30;
const LONGEST_RETRY_AFTER_S = 300;

const TRANSIENT_STATUSES = new Set([408, 429, 502, 503, 504]);
// A URL may have expired, or its upload may be gone: a fresh URL can help.
const PUT_STATUSES = new Set([...TRANSIENT_STATUSES, 403, 404, 409, 500]);
const PUT_CODES = new Set(["RequestTimeout", "IncompleteBody", "incomplete_body"]);
const QUOTA_CODES = new Set(["too_many_videos_in_flight", "daily_upload_quota_exceeded"]);
const NETWORK_CODES = new Set(["server_unreachable", "upload_broken", "stream_broken"]);

const reached = new WeakSet<Client>();
const WRONG_ADDRESS = new Set(["ECONNREFUSED", "ENOTFOUND", "ERR_INVALID_URL"]);

/** What a generated function returns. */
interface Answer<T> {
  data?: T;
  error?: unknown;
  response?: Response | undefined;
}

/** Make a call of the API, again after each transient error; all calls of this package are idempotent. */
export async function call<T>(client: Client, make: () => Promise<Answer<T>>, signal?: AbortSignal): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    const answer = await make();
    signal?.throwIfAborted();
    if (answer.response?.status === 304 || (answer.response?.ok && answer.error === undefined)) {
      reached.add(client);
      return answer.data as T;
    }
    if (answer.response?.ok) {
      throw new ClientError("unexpected_answer", "The response is not JSON; is the server Telecine?", { cause: answer.error });
    }
    const error = failureOf(client, answer);
    if (!isTransient(error)) throw error;
    await pause(error, failures, signal);
  }
}

/** The error of a call that failed; `server_not_found` is not retried, `server_unreachable` is. */
export function failureOf(client: Client, answer: Answer<unknown>): ClientError {
  if (answer.response) {
    reached.add(client);
    return errorOf(answer.response, answer.error);
  }
  const code = reached.has(client) || isBroken(answer.error) ? "server_unreachable" : "server_not_found";
  return new ClientError(code, "No response from the server.", { cause: answer.error });
}

/** Whether a connection was there. A browser does not say; then, before a first response, the URL is probably wrong. */
function isBroken(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = typeof cause === "object" && cause !== null && "code" in cause ? String(cause.code) : undefined;
  return code !== undefined && !WRONG_ADDRESS.has(code);
}

/** Whether the same call may succeed later. */
export function isTransient(error: ClientError): boolean {
  if (error.status === undefined) return NETWORK_CODES.has(error.code);
  return TRANSIENT_STATUSES.has(error.status) && !QUOTA_CODES.has(error.code);
}

/** Whether a PUT may succeed later, with a fresh URL. */
export function isRetryable(error: ClientError): boolean {
  return isTransient(error) || PUT_STATUSES.has(error.status ?? 0) || PUT_CODES.has(error.code);
}

/** Wait before the next attempt: pauses double, with random jitter. Throws the error after too many failures. */
export async function pause(error: ClientError, failures: number, signal?: AbortSignal): Promise<void> {
  const wishedS = error.retryAfterS ?? 0;
  if (failures >= MAX_ATTEMPTS || wishedS > LONGEST_RETRY_AFTER_S) throw error;
  const pauseS = Math.min(LONGEST_PAUSE_S, FIRST_PAUSE_S * 2 ** (failures - 1));
  await sleep(Math.max((pauseS * (1 + Math.random())) / 2, wishedS), signal);
}

/** Wait; rejects at once if the signal aborts. */
export async function sleep(seconds: number, signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, seconds * 1000);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
