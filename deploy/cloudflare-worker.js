// Serves the objects of an R2 bucket to players, and checks the tokens of Telecine's playback URLs as Cloudflare's
// function is_timed_hmac_valid_v0 does. It is for zones whose plan does not have that function; see docs/deploy.md.
//
// Bindings: BUCKET (R2 bucket), SECRET (secret, TELECINE_CDN_SECRET), LIFETIME_S (text, seconds, 5400 by default).

const TOKEN = /^\?verify=([0-9]{10})-((?:[A-Za-z0-9]|%2B|%2F|%3D)+)$/;
const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Accept-Ranges, Content-Length, Content-Range, ETag",
};
const PREFLIGHT = {
  ...CORS,
  "Access-Control-Allow-Methods": "GET, HEAD",
  "Access-Control-Allow-Headers": "range, if-none-match, if-range",
  "Access-Control-Max-Age": "7200",
};

export default {
  async fetch(request, env) {
    if (request.method === "OPTIONS") {
      return new Response(null, { status: 204, headers: PREFLIGHT });
    }
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { ...CORS, Allow: "GET, HEAD, OPTIONS" } });
    }
    const url = new URL(request.url);
    const maxAge = await remainingSeconds(url, env.SECRET, Number(env.LIFETIME_S ?? 5400));
    if (maxAge <= 0) {
      return new Response("The URL is not signed, or has expired.", { status: 403, headers: CORS });
    }
    return serve(request, env.BUCKET, decodeURIComponent(url.pathname.slice(1)), maxAge);
  },
};

// How long the token is still valid; 0 if it is not. The MAC covers the path as it is sent and the time of issue.
async function remainingSeconds(url, secret, lifetime) {
  const token = TOKEN.exec(url.search);
  if (token === null || !secret) {
    return 0;
  }
  const [, issuedAt, mac] = token;
  const encoder = new TextEncoder();
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), algorithm, false, ["verify"]);
  let bytes;
  try {
    bytes = Uint8Array.from(atob(decodeURIComponent(mac)), (character) => character.charCodeAt(0));
  } catch {
    return 0;
  }
  const isValid = await crypto.subtle.verify("HMAC", key, bytes, encoder.encode(url.pathname + issuedAt));
  return isValid ? Math.max(0, Number(issuedAt) + lifetime - Math.floor(Date.now() / 1000)) : 0;
}

// The object or the range of it that the request names, with conditions (RFC 9110).
async function serve(request, bucket, key, maxAge) {
  const isHead = request.method === "HEAD";
  const options = { range: request.headers, onlyIf: request.headers };
  const object = isHead ? await bucket.head(key) : await bucket.get(key, options).catch(() => undefined);
  if (object === undefined) {
    return new Response(null, { status: 416, headers: CORS });
  }
  if (object === null) {
    return new Response(null, { status: 404, headers: CORS });
  }
  const headers = new Headers(CORS);
  object.writeHttpMetadata(headers);
  headers.set("ETag", object.httpEtag);
  headers.set("Accept-Ranges", "bytes");
  headers.set("Cache-Control", `private, max-age=${maxAge}`);
  if (isHead) {
    headers.set("Content-Length", String(object.size));
    return new Response(null, { headers });
  }
  if (!("body" in object)) {
    return new Response(null, { status: request.headers.has("If-None-Match") ? 304 : 412, headers });
  }
  if (!request.headers.has("Range") || object.range === undefined) {
    return new Response(object.body, { headers });
  }
  const first = object.range.offset ?? object.size - object.range.suffix;
  const length = object.range.length ?? object.size - first;
  headers.set("Content-Range", `bytes ${first}-${first + length - 1}/${object.size}`);
  return new Response(object.body, { status: 206, headers });
}
