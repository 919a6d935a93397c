/** What an operator sees: numbers first, then queues, jobs, usage and versions; refreshed while the page is visible. */

import { ApiError } from "../../lib/api.js";
import { fill, h, setText } from "../../lib/dom.js";
import { ago, bytes, count, exact } from "../../lib/format.js";
import { icon } from "../../lib/icons.js";
import { message } from "../../lib/router.js";
import { t as strings } from "../../lib/strings.js";
import { toast } from "../../lib/toast.js";
import { chart } from "./chart.js";
import { createTable } from "./table.js";

const t = strings.operator;
const EVERY_MS = 4000;
/** @type {Record<string, string>} */
const STATES = strings.video.states;

/** @typedef {{name: string, waiting: number, due: number, running: number, oldest_waiting_s: number | null}} Queue */
/** @typedef {{job_id: string, kind: string, queue: string, video_id: string | null, title: string | null, stage: string | null, attempt: number, max_attempts: number,
 *   worker: string | null, error: string | null, created_at: string | null, updated_at: string | null, user_id: string | null}} Job */

/**
 * @param {import("../../lib/types.js").App} app
 * @returns {import("../../lib/types.js").Screen}
 */
export default function operatorScreen(app) {
  if (!app.session.scopes.includes("admin")) return message(t.refusedTitle, t.refusedText);
  const updated = h("p", { class: "operator-updated" });
  const numbers = h("ul", { class: "operator-numbers" });
  const videos = h("section", { class: "operator-section card" });
  const system = h("section", { class: "operator-section card" });
  const failure = h("p", { class: "operator-failure", role: "alert", hidden: true });
  const queues = createTable(t.queues, [{ label: t.queue }, { label: t.waiting, number: true }, { label: t.due, number: true }, { label: t.running, number: true }, { label: t.oldest, number: true }], t.noQueues);
  const running = createTable(t.jobsRunning, [{ label: t.job }, { label: t.stage }, { label: t.worker }, { label: t.attempt, number: true }, { label: t.since, number: true }], t.noRunning);
  const dead = createTable(t.jobsDead, [{ label: t.job }, { label: t.reason }, { label: t.since, number: true }, { label: t.action }], t.noDead);
  const users = createTable(t.users, [{ label: t.user }, { label: t.count, number: true }, { label: t.uploading, number: true }, { label: t.bytes, number: true }], t.noUsers);
  const element = h(
    "div",
    { class: "operator-screen" },
    h("header", { class: "operator-head" }, h("h1", { tabindex: "-1" }, t.title), updated),
    failure,
    numbers,
    h("div", { class: "operator-columns" }, h("div", null, queues.element, running.element, dead.element), h("div", null, users.element, videos, system)),
  );

  const lists = {
    running: pages("/api/operator/jobs?state=running", running.footer),
    dead: pages("/api/operator/jobs?state=dead", dead.footer),
    users: pages("/api/operator/users?", users.footer),
  };

  /**
   * A list that grows by "Show more", and whose shown length is loaded again at each refresh.
   * @param {string} path
   * @param {HTMLElement} footer
   */
  function pages(path, footer) {
    let limit = 10;
    const more = h("button", { class: "button button-quiet", type: "button", hidden: true }, t.more);
    more.addEventListener("click", () => {
      limit = Math.min(limit + 30, 100);
      void refresh();
    });
    footer.append(more);
    return async () => {
      const { items, next_cursor } = await app.api.get(`${path}${path.endsWith("?") ? "" : "&"}limit=${limit}`);
      more.hidden = next_cursor === null || limit === 100;
      return items;
    };
  }

  /** @param {Job} job */
  function retryButton(job) {
    const retry = async () => {
      try {
        await app.api.post(`/api/operator/jobs/${job.job_id}/retry`);
        toast(t.retried);
        await refresh();
      } catch (error) {
        toast(error instanceof ApiError ? error.message : strings.somethingFailed);
      }
    };
    return h("button", { class: "button operator-retry", type: "button", "aria-label": `${t.retry}: ${job.title ?? job.kind}`, on: { click: () => void retry() } }, icon("retry"), t.retry);
  }

  let refreshing = false;
  async function refresh() {
    if (refreshing || document.hidden) return;
    refreshing = true;
    try {
      const [overview, runningJobs, deadJobs, usage] = await Promise.all([app.api.get("/api/operator/overview"), lists.running(), lists.dead(), lists.users()]);
      showNumbers(numbers, overview);
      queues.show(overview.queues.map(queueRow));
      running.show(runningJobs.map(runningRow));
      dead.show(deadJobs.map((/** @type {Job} */ job) => ({ key: job.job_id, cells: [jobName(job), h("span", { class: "operator-reason", dir: "auto" }, job.error ?? t.none), time(job.updated_at), retryButton(job)] })));
      users.show(usage.map(userRow));
      showSystem(system, overview);
      showVideos(videos, overview);
      failure.hidden = true;
      setText(updated, t.updated(new Date().toLocaleTimeString()));
    } catch (error) {
      failure.hidden = false;
      setText(failure, `${t.failedTitle}: ${/** @type {Error} */ (error).message}`);
    } finally {
      refreshing = false;
    }
  }

  const timer = window.setInterval(() => void refresh(), EVERY_MS);
  const onVisible = () => void refresh();
  document.addEventListener("visibilitychange", onVisible);
  void refresh();
  return {
    element,
    title: t.title,
    dispose() {
      window.clearInterval(timer);
      document.removeEventListener("visibilitychange", onVisible);
    },
  };
}

/** @param {string | null} when */
const time = (when) => (when ? h("time", { datetime: when, title: exact(when) }, ago(when)) : t.none);

/** @param {number | null} seconds */
function age(seconds) {
  if (seconds === null) return t.none;
  if (seconds < 60) return strings.seconds(Math.round(seconds));
  return seconds < 3600 ? strings.minutes(Math.round(seconds / 60)) : strings.hours(Math.round(seconds / 3600));
}

/** @param {Job} job */
const jobName = (job) => [h("span", { class: "operator-job" }, job.kind), (job.title || job.user_id) && h("span", { class: "operator-of" }, h("bdi", null, job.title ?? job.user_id))];

/** @param {Queue} queue */
const queueRow = ({ name, waiting, due, running, oldest_waiting_s: oldest }) => ({ key: name, cells: [name, count(waiting), count(due), count(running), age(oldest)] });

/** @param {Job} job */
const runningRow = (job) => ({ key: job.job_id, cells: [jobName(job), job.stage ?? t.none, job.worker ?? t.none, t.attemptOf(job.attempt, job.max_attempts), time(job.updated_at)] });

/** @param {{user_id: string, videos: number, bytes: number, uploading: number}} user */
const userRow = (user) => ({ key: user.user_id, cells: [h("bdi", null, user.user_id), count(user.videos), count(user.uploading), bytes(user.bytes)] });

/** @param {HTMLElement} list @param {any} overview */
function showNumbers(list, { queues, videos, storage, last_hour: hour }) {
  const sum = (/** @type {"waiting" | "due" | "running"} */ field) => queues.reduce((/** @type {number} */ total, /** @type {Queue} */ queue) => total + queue[field], 0);
  const minutes = (/** @type {string} */ field) => hour.minutes.map((/** @type {any} */ minute) => minute[field]);
  const oldest = queues.reduce((/** @type {number | null} */ most, /** @type {Queue} */ queue) => (queue.oldest_waiting_s === null ? most : Math.max(most ?? 0, queue.oldest_waiting_s)), null);
  const total = (/** @type {number[]} */ values) => count(values.reduce((one, other) => one + other, 0));
  const items = [
    number(t.completedHour, total(minutes("completed")), minutes("completed"), "success"),
    number(t.failedHour, total(minutes("failed")), minutes("failed"), "danger"),
    number(t.uploadedHour, total(minutes("uploaded")), minutes("uploaded"), "accent"),
    number(t.waiting, count(sum("waiting")), null, "", oldest === null ? (sum("waiting") > 0 ? t.noneDue : "") : t.oldestOf(age(oldest))),
    number(t.running, count(sum("running")), null, "", t.inWork(videos.uploading, videos.processing)),
    number(t.storage, bytes(storage.bytes), null, "", t.videos(storage.videos)),
  ];
  fill(list, items);
}

/**
 * @param {string} label
 * @param {string} value
 * @param {number[] | null} [values]
 * @param {string} [tone]
 * @param {string} [note]
 */
function number(label, value, values = null, tone = "", note = "") {
  return h("li", { class: `card number-card ${tone && `is-${tone}`}` }, h("span", { class: "number-label" }, label), h("strong", null, value), values ? chart(values, t.chart(label)) : h("span", { class: "number-note" }, note));
}

/** @param {HTMLElement} section @param {any} overview */
function showSystem(section, overview) {
  const { sandbox } = overview;
  /** @type {[string, import("../../lib/dom.js").Child][]} */
  const facts = [
    [t.version, overview.version],
    ["Python", overview.python_version],
    ["ffmpeg", overview.ffmpeg_version],
    [t.database, overview.database],
    [t.queueKind, overview.queue],
    [t.bucket, overview.storage_kind],
    [t.sandbox, [String(sandbox.level), sandbox.missing.length > 0 && h("span", { class: "operator-of" }, t.sandboxMissing(sandbox.missing.join(", ")))]],
    [t.started, time(overview.started_at)],
  ];
  fill(section, h("h2", null, t.system), factList(facts));
}

/** @param {[string, import("../../lib/dom.js").Child][]} facts */
const factList = (facts) => h("dl", { class: "operator-facts" }, facts.map(([name, value]) => [h("dt", null, name), h("dd", null, value)]));

/** @param {HTMLElement} section @param {{videos: Record<string, number>}} overview */
function showVideos(section, { videos }) {
  fill(section, h("h2", null, t.all), factList(Object.entries(videos).map(([state, value]) => [STATES[state] ?? state, count(value)])));
}
