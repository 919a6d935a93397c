// Sends bytes to the bucket.

import { ClientError, errorOf } from "./errors.js";

/** Receives the bytes sent; negative when an attempt failed and its bytes no longer count. */
export type OnSent = (bytes: number) => void;

/** Set by the network stack, which refuses to have them set. */
const OWN_HEADERS = new Set(["content-length", "host"]);

/** PUT these bytes once. In a browser the progress is that of the network; elsewhere it counts whole PUTs. */
export async function put(
  url: string,
  headers: Record<string, string>,
  bytes: Blob,
  onSent: OnSent,
  signal?: AbortSignal,
): Promise<void> {
  const allowed = Object.entries(headers).filter(([name]) => !OWN_HEADERS.has(name.toLowerCase()));
  let sent = 0;
  const count = (total: number) => {
    onSent(total - sent);
    sent = total;
  };
  try {
    const send = typeof XMLHttpRequest === "undefined" ? putByFetch : putByXhr;
    const response = await send(url, allowed, bytes, count, signal);
    if (!response.ok) throw errorOf(response, await response.text());
    count(bytes.size);
  } catch (error) {
    count(0);
    signal?.throwIfAborted();
    if (error instanceof ClientError) throw error;
    await requireReadable(bytes);
    throw new ClientError("upload_broken", "The upload was interrupted.", { cause: error });
  }
}

/** Throws `file_changed` if the file was modified or removed since it was chosen. */
export async function requireReadable(file: Blob): Promise<void> {
  try {
    await file.slice(0, 1).arrayBuffer();
  } catch (error) {
    throw new ClientError("file_changed", "The file changed during the upload; the upload is cancelled.", { cause: error });
  }
}

type Count = (total: number) => void;

async function putByFetch(url: string, headers: [string, string][], bytes: Blob, _count: Count, signal?: AbortSignal) {
  return fetch(url, { method: "PUT", headers, body: bytes, signal: signal ?? null, credentials: "omit" });
}

function putByXhr(url: string, headers: [string, string][], bytes: Blob, count: Count, signal?: AbortSignal) {
  return new Promise<Response>((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("PUT", url);
    for (const [name, value] of headers) request.setRequestHeader(name, value);
    const abort = () => request.abort();
    signal?.addEventListener("abort", abort, { once: true });
    request.upload.onprogress = (event) => count(Math.min(event.loaded, bytes.size));
    request.onload = () => resolve(new Response(request.responseText || null, { status: request.status }));
    request.onerror = request.onabort = request.ontimeout = () => reject(new TypeError("The request failed."));
    request.onloadend = () => signal?.removeEventListener("abort", abort);
    request.send(bytes);
  });
}
