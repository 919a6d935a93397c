// Reads Server-Sent Events, as the HTML standard defines them.

import { ClientError } from "./errors.js";

/** An event; `id` is undefined if it has none of its own. */
export interface ServerSentEvent {
  event: string;
  data: string;
  id?: string | undefined;
}

const MAX_EVENT_CHARACTERS = 8 * 1024 * 1024;

/** Splits a text that arrives in chunks into events; one without its closing blank line is dropped. */
export class EventParser {
  lastEventId: string | undefined;
  retryS: number | undefined;
  #rest = "";
  #event = "";
  #data: string[] = [];
  #id: string | undefined;
  #size = 0;

  /** The events that this chunk completes. */
  *feed(chunk: string): Generator<ServerSentEvent> {
    const text = this.#rest + chunk;
    // A CR at the end may be half of a CRLF.
    const end = text.endsWith("\r") ? text.length - 1 : text.length;
    const lines = text.slice(0, end).split(/\r\n|\n|\r/);
    this.#rest = (lines.pop() ?? "") + text.slice(end);
    this.#requireBounded(this.#rest.length);
    for (const line of lines) {
      if (line !== "") this.#readField(line);
      else yield* this.#endEvent();
    }
  }

  #readField(line: string): void {
    const colon = line.indexOf(":");
    const name = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (name === "data") {
      this.#data.push(value);
      this.#requireBounded((this.#size += value.length + 1));
    } else if (name === "event") this.#event = value;
    else if (name === "id" && !value.includes("\0")) this.#id = value;
    else if (name === "retry" && /^\d+$/.test(value)) this.retryS = Number(value) / 1000;
  }

  *#endEvent(): Generator<ServerSentEvent> {
    this.lastEventId = this.#id ?? this.lastEventId;
    if (this.#data.length > 0) {
      yield { event: this.#event || "message", data: this.#data.join("\n"), id: this.#id };
    }
    this.#event = "";
    this.#data = [];
    this.#id = undefined;
    this.#size = 0;
  }

  #requireBounded(size: number): void {
    if (size > MAX_EVENT_CHARACTERS) throw new ClientError("malformed_stream", "An event of the stream is too long.");
  }
}
