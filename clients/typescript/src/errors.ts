// The errors of the client.

/** A failed call, upload or stream. `code` is stable and meant for programs, `message` for people. */
export class ClientError extends Error {
  override name = "ClientError";
  /** The code of the API's problem document, of the S3 error, or of this package. */
  readonly code: string;
  /** The status of the response; undefined if there was none. */
  readonly status: number | undefined;
  /** What `Retry-After` says, in seconds. */
  readonly retryAfterS: number | undefined;

  constructor(code: string, message: string, details: { status?: number; retryAfterS?: number | undefined; cause?: unknown } = {}) {
    super(message, { cause: details.cause });
    this.code = code;
    this.status = details.status;
    this.retryAfterS = details.retryAfterS;
  }
}

/** The error of a response, in the format of the API or of S3. */
export function errorOf(response: Response, body: unknown): ClientError {
  const details = { status: response.status, retryAfterS: retryAfterS(response) };
  if (typeof body === "object" && body !== null && "code" in body && "detail" in body) {
    return new ClientError(String(body.code), String(body.detail), details);
  }
  const text = typeof body === "string" ? body : "";
  const code = /<Code>([^<]+)<\/Code>/.exec(text)?.[1] ?? "unexpected_answer";
  const message = /<Message>([^<]+)<\/Message>/.exec(text)?.[1] ?? `The server answered ${response.status}.`;
  return new ClientError(code, message, details);
}

/** `Retry-After` in seconds from now; the header has seconds or a date. */
export function retryAfterS(response: Response): number | undefined {
  const text = response.headers.get("retry-after") ?? "";
  if (/^\d+$/.test(text)) return Number(text);
  const moment = Date.parse(text);
  return Number.isNaN(moment) ? undefined : Math.max(0, (moment - Date.now()) / 1000);
}
