// One event stream, over any number of connections one after the other.

import { ClientError, errorOf } from "./errors.js";
import type { Client } from "./rest/client/index.js";
import { failureOf } from "./retries.js";
import { EventParser, type ServerSentEvent } from "./sse.js";

const MAX_SILENCE_MS = 20_000; // The server sends a first line at once, and a ping every 15 s by default.
const UNSUPPORTED_STATUSES = new Set([404, 405, 406, 501]);

/** The stream of one video, or of all videos of the user. */
export class EventStream {
  /** Whether the server has said that nothing follows. */
  isOver = false;
  /** The pause before the next connection, as the server wishes. */
  retryS = 1;
  #lastEventId: string | undefined;
  #hasReceived = false;

  constructor(
    readonly client: Client,
    readonly videoId: string | undefined,
    readonly untilTerminal: boolean,
  ) {}

  /** The events of one connection, after the last one received. Throws `stream_unsupported` if a client must poll. */
  async *connect(signal?: AbortSignal): AsyncGenerator<ServerSentEvent> {
    const silence = new AbortController();
    const wait = () => setTimeout(() => silence.abort(), MAX_SILENCE_MS);
    let timer = wait();
    const listen = () => {
      clearTimeout(timer);
      timer = wait();
    };
    try {
      yield* this.#read(signal ? AbortSignal.any([signal, silence.signal]) : silence.signal, listen);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof ClientError && !silence.signal.aborted) throw error;
      const code = silence.signal.aborted && !this.#hasReceived ? "stream_unsupported" : "stream_broken";
      throw new ClientError(code, "The event stream was interrupted.", { cause: error });
    } finally {
      clearTimeout(timer);
      silence.abort();
    }
  }

  async *#read(signal: AbortSignal, listen: () => void): AsyncGenerator<ServerSentEvent> {
    const body = await this.#open(signal);
    if (body === null) return;
    const parser = new EventParser();
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      listen();
      this.#hasReceived = true;
      for (const event of parser.feed(read.value)) {
        this.#lastEventId = parser.lastEventId ?? this.#lastEventId;
        yield event;
      }
      this.#lastEventId = parser.lastEventId ?? this.#lastEventId;
      this.retryS = parser.retryS ?? this.retryS;
    }
  }

  /** The body of a stream; null if nothing follows. */
  async #open(signal: AbortSignal): Promise<ReadableStream<BufferSource> | null> {
    const answer = await this.client.request({
      method: "GET",
      url: this.videoId === undefined ? "/api/events" : "/api/videos/{video_id}/events",
      path: this.videoId === undefined ? {} : { video_id: this.videoId },
      query: this.untilTerminal && this.videoId !== undefined ? { until: "terminal" } : {},
      headers: { Accept: "text/event-stream", ...(this.#lastEventId ? { "Last-Event-ID": this.#lastEventId } : {}) },
      security: [{ scheme: "bearer", type: "http" }],
      parseAs: "stream",
      signal,
    });
    signal.throwIfAborted();
    const { response } = answer;
    if (response?.status === 204) {
      this.isOver = true;
      return null;
    }
    if (!response?.ok) {
      const error = response ? errorOf(response, answer.error) : failureOf(this.client, answer);
      if (!UNSUPPORTED_STATUSES.has(error.status ?? 0) || error.code === "video_not_found") throw error;
      throw new ClientError("stream_unsupported", "The server has no event streams.", { cause: error });
    }
    const type = response.headers.get("content-type")?.split(";")[0]?.trim().toLowerCase();
    if (type !== "text/event-stream" || !response.body) {
      throw new ClientError("stream_unsupported", `The response is ${type || "of no type"} instead of a stream.`);
    }
    return response.body as ReadableStream<BufferSource>;
  }
}
