// Uploads a file.

import { ClientError } from "./errors.js";
import { PartUrls, type SignedParts, sendParts } from "./parts.js";
import { cancelUpload, completeUpload, getUploadStatus, renewUpload, requestUpload } from "./rest/index.js";
import type { PresignedUploadRequest } from "./rest/index.js";
import type { Client } from "./rest/client/index.js";
import { call, isRetryable, pause } from "./retries.js";
import { put, requireReadable } from "./transfer.js";

/** How much of a file has been sent. */
export interface Progress {
  videoId: string;
  sentBytes: number;
  totalBytes: number;
  /** From 0 to 1. */
  ratio: number;
}

/** How a file is uploaded, and what is said of its video; the fields of the request are as in the API. */
export interface UploadOptions extends Omit<Partial<PresignedUploadRequest>, "file_size"> {
  /** The file's name; by default that of a `File`. */
  filename?: string;
  /** Continue the upload of this video: only what the server does not have is sent. */
  resume?: string;
  /** Parts that are sent at a time: 4 by default. */
  parallel?: number;
  /** Called before the first byte, with the video's id, and then whenever something was sent. */
  onProgress?: (progress: Progress) => void;
  /** Stops the upload, which can be resumed later. */
  signal?: AbortSignal;
}

/** What the server has of an upload. */
interface Remote {
  videoId: string;
  partBytes: number | null;
  missing: number[];
  receivedBytes: number;
  single?: { upload_url?: string | null; headers: Record<string, string> } | undefined;
  signed?: { parts: SignedParts; requestedAt: number } | undefined;
}

const MAX_ROUNDS = 3;
const INCOMPLETE = new Set(["upload_missing", "upload_incomplete", "part_size_mismatch", "upload_size_mismatch"]);
const CANCELLING = new Set(["file_changed", "not_a_video"]);

/**
 * Upload the file, and return the id of its video, which the server then processes.
 *
 * Large files are sent in parts, several at once, and transient errors are retried. In Node, `openAsBlob` of `node:fs`
 * opens a file without reading it.
 */
export async function upload(client: Client, file: Blob, options: UploadOptions = {}): Promise<string> {
  const run = new Upload(client, file, options);
  let remote = options.resume === undefined ? await run.begin() : await run.resume(options.resume);
  try {
    for (let round = 1; ; round += 1) {
      await run.send(remote);
      try {
        await run.complete(remote);
        return remote.videoId;
      } catch (error) {
        if (!(error instanceof ClientError) || !INCOMPLETE.has(error.code) || round === MAX_ROUNDS) throw error;
      }
      remote = await run.resume(remote.videoId);
    }
  } catch (error) {
    if (error instanceof ClientError && CANCELLING.has(error.code)) await run.cancel(remote);
    throw error;
  }
}

class Upload {
  #sentBytes = 0;

  constructor(
    readonly client: Client,
    readonly file: Blob,
    readonly options: UploadOptions,
  ) {}

  async begin(): Promise<Remote> {
    const { resume: _resume, parallel: _parallel, onProgress: _onProgress, signal: _signal, ...fields } = this.options;
    const filename = fields.filename ?? ("name" in this.file ? String(this.file.name) : "");
    const body = { content_type: this.file.type, strategy: "auto" as const, ...fields, filename, file_size: this.file.size };
    const headers = { "Idempotency-Key": randomKey() };
    const requestedAt = performance.now();
    const grant = await this.#call(() => requestUpload({ ...this.#common(), body, headers }));
    this.#report(grant.video_id, 0);
    return {
      videoId: grant.video_id,
      partBytes: grant.part_size,
      missing: Array.from({ length: grant.part_count ?? 0 }, (_, index) => index + 1),
      receivedBytes: 0,
      single: grant,
      signed: { parts: grant, requestedAt },
    };
  }

  async resume(videoId: string): Promise<Remote> {
    const found = await this.#call(() => getUploadStatus({ ...this.#common(), path: { video_id: videoId } }));
    if (found.file_size !== this.file.size) {
      throw new ClientError("other_file", `The file has ${this.file.size} bytes, but the upload has ${found.file_size}.`);
    }
    if (found.status === "failed" && found.received_bytes !== found.file_size) {
      throw new ClientError("upload_closed", "This upload was abandoned or cancelled, or has expired; start a new one.");
    }
    this.#report(videoId, found.received_bytes);
    return { videoId, partBytes: found.part_size, missing: found.missing_parts, receivedBytes: found.received_bytes };
  }

  async send(remote: Remote): Promise<void> {
    try {
      await (remote.partBytes === null ? this.#sendWhole(remote) : this.#sendParts(remote, remote.partBytes));
    } catch (error) {
      // Another client has sent and completed it.
      if (!(error instanceof ClientError) || error.code !== "upload_completed") throw error;
    }
    await requireReadable(this.file);
  }

  async complete({ videoId }: Remote): Promise<void> {
    const options = { ...this.#common(), path: { video_id: videoId }, body: { success: true } };
    await this.#call(() => completeUpload(options));
  }

  async cancel({ videoId }: Remote): Promise<void> {
    await cancelUpload({ client: this.client, path: { video_id: videoId } });
  }

  async #sendParts({ videoId, missing, signed }: Remote, partBytes: number): Promise<void> {
    const urls = new PartUrls(this.client, videoId);
    if (signed) urls.store(signed.parts, signed.requestedAt);
    const { parallel = 4, signal } = this.options;
    await sendParts(urls, this.file, partBytes, missing, { parallel, signal, onSent: this.#counting(videoId) });
  }

  /** One PUT; each retry starts at the beginning with a fresh URL, unless the file has arrived. */
  async #sendWhole({ videoId, receivedBytes, single }: Remote): Promise<void> {
    const path = { video_id: videoId };
    let signed = single;
    for (let failures = 1, received = receivedBytes; received !== this.file.size; failures += 1) {
      signed ??= await this.#call(() => renewUpload({ ...this.#common(), path }));
      try {
        const whole = this.file.slice(0, this.file.size);
        return await put(signed.upload_url ?? "", signed.headers, whole, this.#counting(videoId), this.options.signal);
      } catch (error) {
        if (!(error instanceof ClientError) || !isRetryable(error)) throw error;
        await pause(error, failures, this.options.signal);
        signed = undefined;
        received = (await this.#call(() => getUploadStatus({ ...this.#common(), path }))).received_bytes;
      }
    }
  }

  #counting(videoId: string): (bytes: number) => void {
    return (bytes) => bytes !== 0 && this.#report(videoId, this.#sentBytes + bytes);
  }

  #report(videoId: string, sentBytes: number): void {
    this.#sentBytes = sentBytes;
    const totalBytes = this.file.size;
    this.options.onProgress?.({ videoId, sentBytes, totalBytes, ratio: sentBytes / totalBytes });
  }

  #common() {
    return { client: this.client, signal: this.options.signal ?? null };
  }

  #call<T>(make: Parameters<typeof call<T>>[1]): Promise<T> {
    return call(this.client, make, this.options.signal);
  }
}

/** Random, also on pages without TLS, where `crypto.randomUUID` is missing. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(18)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
