// Sends the parts of a file, several at once.

import { ClientError } from "./errors.js";
import { signUploadParts } from "./rest/index.js";
import type { PartView } from "./rest/index.js";
import type { Client } from "./rest/client/index.js";
import { call, isRetryable, pause } from "./retries.js";
import { type OnSent, put } from "./transfer.js";

/** A URL is not used in the last tenth of its lifetime, because it could expire during the PUT. */
const USABLE = 0.9;

/** URLs of a response, which expire together. */
export interface SignedParts {
  expires_in: number;
  parts: PartView[];
}

/** Requests URLs only for parts that are about to be sent, so that they do not expire in a slow upload. */
export class PartUrls {
  readonly #client: Client;
  readonly #videoId: string;
  readonly #stored = new Map<number, { part: PartView; freshUntil: number }>();

  constructor(client: Client, videoId: string) {
    this.#client = client;
    this.#videoId = videoId;
  }

  /** Keep the URLs of a response for later use. */
  store({ expires_in, parts }: SignedParts, requestedAt: number): void {
    const freshUntil = requestedAt + expires_in * 1000 * USABLE;
    for (const part of parts) this.#stored.set(part.part_number, { part, freshUntil });
  }

  /** The URL of this part, for one attempt; if it must be requested, so are those of the following parts. */
  async take(number: number, following: number[], signal?: AbortSignal): Promise<PartView> {
    const stored = this.#stored.get(number);
    this.#stored.delete(number);
    if (stored && performance.now() < stored.freshUntil) return stored.part;
    const requestedAt = performance.now();
    const body = { part_numbers: [number, ...following.filter((other) => !this.#stored.has(other))] };
    const options = { client: this.#client, path: { video_id: this.#videoId }, body, signal: signal ?? null };
    this.store(await call(this.#client, () => signUploadParts(options), signal), requestedAt);
    const signed = this.#stored.get(number);
    if (!signed) throw new ClientError("unexpected_answer", `The server signed no URL for part ${number}.`);
    this.#stored.delete(number);
    return signed.part;
  }
}

/** Send these parts; the count of failures starts again whenever another part succeeds in the meantime. */
export async function sendParts(
  urls: PartUrls,
  file: Blob,
  partBytes: number,
  missing: number[],
  { parallel, onSent, signal }: { parallel: number; onSent: OnSent; signal?: AbortSignal | undefined },
): Promise<void> {
  const waiting = [...missing];
  const stop = new AbortController();
  const either = signal ? AbortSignal.any([signal, stop.signal]) : stop.signal;
  let succeeded = 0;

  async function sendOne(number: number): Promise<void> {
    const bytes = file.slice((number - 1) * partBytes, number * partBytes);
    let following = waiting.slice(0, parallel - 1);
    for (let failures = 0, before = succeeded; ; ) {
      try {
        const part = await urls.take(number, following, either);
        await put(part.url, part.headers, bytes, onSent, either);
        succeeded += 1;
        return;
      } catch (error) {
        if (!(error instanceof ClientError) || !isRetryable(error)) throw error;
        failures = before === succeeded ? failures + 1 : 1;
        before = succeeded;
        following = [];
        await pause(error, failures, either);
      }
    }
  }

  async function work(): Promise<void> {
    for (let number = waiting.shift(); number !== undefined; number = waiting.shift()) await sendOne(number);
  }

  const workers = Array.from({ length: Math.min(parallel, missing.length) }, work);
  try {
    await Promise.all(workers);
  } finally {
    stop.abort();
    await Promise.allSettled(workers);
  }
}
