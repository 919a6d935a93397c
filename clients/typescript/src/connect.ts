// Connects to a server.

import { type Client, createClient } from "./rest/client/index.js";

/** A token, or a function that returns the current one; it is called before each request. */
export type Token = string | (() => string | Promise<string>);

/** A client for `upload`, `watch` and every function of `telecine-client/rest`. An empty URL is the page's own server. */
export function connect(url: string, token: Token, options: { fetch?: typeof fetch } = {}): Client {
  return createClient({
    baseUrl: url.replace(/\/+$/, ""),
    // A stream takes a ticket in its address, too; a token must not get there.
    auth: async (auth) => (auth.scheme === "bearer" ? (typeof token === "string" ? token : await token()) : undefined),
    ...options,
  });
}
