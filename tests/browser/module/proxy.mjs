/** An HTTP proxy in front of Telecine that injects faults, and counts what passes. */

import http from "node:http";

/** @typedef {"refuse" | "drop" | "lose" | "hold"} Kind `lose`: the server acts, but its answer does not arrive. */

export class Proxy {
  /** @param {string} target */
  constructor(target) {
    this.target = new URL(target);
    /** @type {{pattern: RegExp, kind: Kind, times: number, status: number, body: string, hits: number}[]} */
    this.faults = [];
    /** `METHOD /path` of every request, in order. @type {string[]} */
    this.calls = [];
    this.server = http.createServer((request, response) => this.#serve(request, response));
    this.server.keepAliveTimeout = 1000;
    this.port = 0;
  }

  get url() {
    return `http://127.0.0.1:${this.port}`;
  }

  /** @param {number} [port] */
  async open(port = this.port) {
    await new Promise((resolve) => this.server.listen(port, "127.0.0.1", () => resolve(null)));
    const address = this.server.address();
    this.port = typeof address === "object" && address ? address.port : 0;
    return this;
  }

  /** Refuses connections from now on, and closes those that are open. */
  async close() {
    const closed = new Promise((resolve) => this.server.close(() => resolve(null)));
    this.server.closeAllConnections();
    await closed;
  }

  /**
   * @param {RegExp} pattern
   * @param {Kind} kind
   * @param {{times?: number, status?: number, body?: string}} [options]
   */
  inject(pattern, kind, { times = 1, status = 503, body = "" } = {}) {
    const fault = { pattern, kind, times, status, body, hits: 0 };
    this.faults.push(fault);
    return fault;
  }

  reset() {
    this.faults = [];
    this.calls = [];
  }

  /** The bodies of the parts from now on, joined in their order. */
  bodies() {
    /** @type {Map<number, Buffer>} */
    const parts = new Map();
    this.server.on("request", (request) => {
      /** @type {Buffer[]} */
      const chunks = [];
      const number = Number(new URL(request.url ?? "", this.url).searchParams.get("partNumber"));
      request.on("data", (chunk) => chunks.push(chunk));
      request.on("end", () => number && parts.set(number, Buffer.concat(chunks)));
    });
    const numbers = () => [...parts.keys()].sort((a, b) => a - b);
    return () => Buffer.concat(numbers().map((number) => parts.get(number) ?? Buffer.alloc(0)));
  }

  /** @param {RegExp} pattern */
  count(pattern) {
    return this.calls.filter((call) => pattern.test(call)).length;
  }

  /**
   * @param {http.IncomingMessage} request
   * @param {http.ServerResponse} response
   */
  #serve(request, response) {
    const call = `${request.method} ${request.url}`;
    this.calls.push(call);
    const fault = this.faults.find((each) => each.hits < each.times && each.pattern.test(call));
    if (fault) fault.hits += 1;
    if (fault?.kind === "drop") return void request.socket.destroy();
    if (fault?.kind === "hold") return void request.resume();
    if (fault?.kind === "refuse") {
      request.resume();
      request.on("end", () => response.writeHead(fault.status).end(fault.body));
      return;
    }
    const { hostname, port } = this.target;
    const options = { hostname, port, method: request.method, path: request.url, headers: request.headers };
    const forwarded = http.request(options, (answer) => {
      if (fault?.kind === "lose") {
        answer.resume();
        answer.on("end", () => request.socket.destroy());
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    forwarded.on("error", () => request.socket.destroy());
    response.on("close", () => forwarded.destroy());
    request.pipe(forwarded);
  }
}
