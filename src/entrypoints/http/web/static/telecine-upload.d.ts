/**
 * Uploads videos from a browser to Telecine, straight to its bucket, and follows them until they can be played.
 *
 *     import { uploadVideo } from "https://videos.example.org/telecine-upload.js";
 *     const upload = uploadVideo(file, { api: "https://videos.example.org", token, onProgress: console.log });
 *     const video = await upload.promise;
 *
 * The module has no dependencies and needs no build. docs/frontend.md describes it.
 *
 * Contents: types, constants, errors, timing, calls to the API, transfers, memory of uploads, progress, recording,
 * the upload, following, and the public functions.
 *
 * @module
 */
export type Token = string | ((wanted: {
    refresh: boolean;
}) => string | Promise<string>);
export type Connection = {
    /**
     * Base URL of Telecine; empty for the page's own origin.
     */
    api?: string;
    token?: Token;
};
export type Memory = Pick<Storage, "getItem" | "setItem" | "removeItem" | "key" | "length">;
export type Retry = {
    /**
     * Upper bound of the first delay, in seconds; it doubles with each failure. Default: 0.5.
     */
    base?: number;
    /**
     * Upper bound of every delay, in seconds. Default: 30.
     */
    cap?: number;
    /**
     * Seconds without any progress after which a reachable server counts as failing.
     * Default: 300. Time without a network does not count.
     */
    patience?: number;
};
export type OwnUploadOptions = {
    /**
     * Name of a Blob that is not a File.
     */
    filename?: string;
    title?: string;
    externalId?: string;
    metadata?: Record<string, unknown>;
    /**
     * Language of the speech, as an ISO 639-1 code.
     */
    language?: string;
    /**
     * Words that occur in the speech.
     */
    keywords?: string[];
    /**
     * What becomes of the original after processing.
     */
    original?: "delete" | "keep";
    /**
     * Days for which the original is kept.
     */
    keepDays?: number;
    /**
     * One PUT or parts. `auto`, the default: parts from 32 MiB on.
     */
    strategy?: "auto" | "single" | "multipart";
    /**
     * `auto`, the default, continues an unfinished upload of this file that
     * this browser remembers; an id continues that upload, begun anywhere; null always begins a new one.
     */
    resume?: string | "auto" | null;
    /**
     * The share of users, 0 to 1, that upload to the bucket; the others use the old route
     * `POST /api/videos/upload`. A user always gets the same. Default: 1.
     */
    direct?: number;
    /**
     * What identifies the user for `direct`; by default the subject of the token.
     */
    directKey?: string;
    /**
     * Use the old route if the network blocks the bucket. Default: true.
     */
    fallback?: boolean;
    /**
     * When the promise resolves. Default: completed.
     */
    until?: "uploaded" | "playable" | "completed";
    /**
     * Parts that are sent at once. Default: 4.
     */
    parallel?: number;
    /**
     * URLs of parts that are requested at once, 1 to 100. Default: 20.
     */
    partUrls?: number;
    /**
     * Seconds without progress after which a transfer is repeated. Default: 60.
     */
    stall?: number;
    retry?: Retry;
    /**
     * null remembers nothing.
     */
    storage?: Memory | null;
    /**
     * Ask before the page is closed while it is sending. Default: true.
     */
    warnBeforeLeaving?: boolean;
    /**
     * Aborting it cancels the upload, or ends the following of a video in processing.
     */
    signal?: AbortSignal;
    onProgress?: (progress: Progress) => void;
    onState?: (state: State) => void;
    onStage?: (status: VideoStatus) => void;
};
export type UploadOptions = Connection & OwnUploadOptions;
export type OwnRecordingOptions = {
    /**
     * Options of the MediaRecorder that records a MediaStream; by default an
     * MP4 with H.264, or a WebM where the browser cannot record that.
     */
    recorder?: MediaRecorderOptions;
    /**
     * Milliseconds of each chunk of the MediaRecorder. Default: 1000.
     */
    timeslice?: number;
    /**
     * Media type of a stream of chunks, for example `video/webm`.
     */
    type?: string;
    /**
     * Bytes of each part except the last, from 5 MiB on. Default: 5 MiB.
     */
    partSize?: number;
    /**
     * Bytes of the recording that the page keeps at most. Default: 512 MiB.
     */
    keepBytes?: number;
    onCapture?: (capture: CaptureStatus) => void;
};
export type RecordingOptions = Omit<UploadOptions, "resume" | "strategy" | "direct" | "directKey"> & OwnRecordingOptions;
export type Chunks = AsyncIterable<Blob | BufferSource> | ReadableStream<Blob | BufferSource>;
export type CaptureStatus = {
    state: "recording" | "paused" | "stopped";
    /**
     * Why the recorder stopped: `stop` (by the call), `ended` (its source did), `failed`,
     * `buffer_full` (too much could not be sent), or the code of an error of the upload.
     */
    reason: string;
    /**
     * Bytes at the beginning of the recording that are no longer part of `file`.
     */
    droppedBytes: number;
    /**
     * Bytes at its end that the server did not accept.
     */
    refusedBytes: number;
};
export type State = "waiting" | "requesting" | "sending" | "paused" | "offline" | "completing" | "processing" | "done" | "failed" | "cancelled";
export type Step = "record" | "presign" | "upload" | "complete" | "processing";
export type Progress = {
    /**
     * Bytes in the bucket or on the way.
     */
    sentBytes: number;
    totalBytes: number;
    /**
     * 0 to 1.
     */
    ratio: number;
    /**
     * Mean of the last seconds; null if unknown.
     */
    bytesPerSecond: number | null;
    /**
     * null if unknown.
     */
    secondsLeft: number | null;
};
export type Stage = {
    name: string;
    state: string;
    percent: number;
    attempt: number;
    speed?: number | null;
    eta_s?: number | null;
};
export type VideoStatus = {
    video_id: string;
    status: "uploading" | "uploaded" | "processing" | "completed" | "failed";
    playable: boolean;
    stages: Stage[];
    failure: {
        stage: string;
        code: string;
        message: string;
    } | null;
};
export type Video = VideoStatus & Record<string, any>;
export type StreamEvent = {
    id: string | null;
    event: string;
    data: any;
};
export type Remembered = {
    /**
     * The Idempotency-Key of its creation.
     */
    key: string;
    videoId?: string;
    filename: string;
    size: number;
    lastModified: number;
    finishedAt?: number;
};
export type SignedPut = {
    url: string;
    headers: Record<string, string>;
};
export type Plan = {
    /**
     * Bytes of each part except the last.
     */
    size: number;
    missing: number[];
    received: number[];
    isComplete: boolean;
};
export type Answer = {
    status: number;
    text: string;
    retryAfter: number | null;
};
/** A request that the API refused, or, with the status 0 and the code `network_error`, that got no answer. */
export declare class ApiError extends Error {
    status: number;
    code: string;
    title: string;
    detail: string;
    /** Seconds that the server asks to wait. @type {number | null} */
    retryAfter: number | null;
    problem: {
        code?: string;
        title?: string;
        detail?: string;
        retryAfter?: number | null;
    };
    /**
     * @param {number} status
     * @param {{code?: string, title?: string, detail?: string, retryAfter?: number | null}} [problem]
     */
    constructor(status: number, problem?: {
        code?: string;
        title?: string;
        detail?: string;
        retryAfter?: number | null;
    });
}
/** An upload that ended without a video; `step` says where, `advice` what a person can do. */
export declare class UploadError extends Error {
    step: Step;
    code: string;
    advice: string;
    /** Whether uploading the same file again may succeed. */
    retryable: boolean;
    /** The problem document of the API (RFC 9457), if there is one. */
    problem: object | null;
    /**
     * @param {Step} step @param {string} code
     * @param {{detail?: string, advice?: string, retryable?: boolean, problem?: object | null, cause?: unknown}} [more]
     */
    constructor(step: Step, code: string, more?: {
        detail?: string;
        advice?: string;
        retryable?: boolean;
        problem?: object | null;
        cause?: unknown;
    });
}
/**
 * The delay before the next attempt, in seconds: random up to a bound that doubles with each failure ("full jitter"),
 * so that clients of a server that comes back do not return at the same moment.
 *
 * @param {number} failures Failures before this one.
 * @param {{base?: number, cap?: number, random?: () => number}} [options]
 */
export declare function backoff(failures: number, { base, cap, random }?: {
    base?: number;
    cap?: number;
    random?: () => number;
}): number;
export type Resolvable = {
    promise: Promise<void>;
    resolve: () => void;
};
export type Transfer = {
    headers: Record<string, string>;
    signal: AbortSignal;
    /**
     * Seconds without progress after which it fails.
     */
    stall: number;
    onProgress: (bytes: number) => void;
};
/**
 * Whether a user belongs to a share of all users; always the same for the same key, and for every larger share.
 *
 * @param {number} share 0 to 1.
 * @param {string} key
 */
export declare function isInShare(share: number, key: string): boolean;
/** Adds up what was sent, and derives the rate of the last seconds. */
export declare class Meter {
    totalBytes: number;
    now: () => number;
    arrivedBytes: number;
    /** Bytes of each transfer that is under way. @type {Map<number, number>} */
    moving: Map<number, number>;
    /** @type {{at: number, bytes: number}[]} */
    samples: {
        at: number;
        bytes: number;
    }[];
    movedBytes: number;
    /** @param {number} totalBytes @param {() => number} [now] Milliseconds. */
    constructor(totalBytes: number, now?: () => number);
    /** @param {number} transfer @param {number} bytes */
    move(transfer: number, bytes: number): void;
    /** @param {number} transfer @param {number} bytes Bytes that arrived with it; 0 if it failed. */
    end(transfer: number, bytes: number): void;
    /** Forgets the rate, because nothing is sent for a while. */
    rest(): void;
    /** @returns {Progress} */
    get progress(): Progress;
}
/**
 * The bytes of a recording, which grow until it is stopped. All of them are kept up to `keepBytes`; beyond that, those
 * that the bucket has are dropped, oldest first.
 */
declare class Capture {
    #private;
    partBytes: number;
    ended: Promise<void>;
    type: string;
    /** Bytes that were recorded. */ size: number;
    droppedBytes: number;
    /** @type {CaptureStatus["state"]} */ state: CaptureStatus["state"];
    reason: string;
    /** The first part that the server refused, with its error. @type {{number: number, error: ApiError} | null} */
    refused: {
        number: number;
        error: ApiError;
    } | null;
    onGrowth: () => void;
    onState: () => void;
    /** @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} options */
    constructor(source: MediaStream | MediaRecorder | Chunks, options: RecordingOptions);
    /** Pauses or resumes the recorder. Returns whether that changed its state. @param {"pause" | "resume"} change */
    turn(change: "pause" | "resume"): boolean;
    /** @param {string} reason */
    stop(reason: string): Promise<void>;
    /** Bytes that the server accepts. */
    get acceptedBytes(): number;
    /** @param {number} begin @param {number} end */
    slice(begin: number, end: number): Blob;
    /**
     * The numbers of the parts that are to be sent, each when all its bytes were recorded; the last one after the end.
     * @param {number[]} received @param {number[]} missing Some of those that are to be sent.
     * @param {AbortSignal} signal @returns {AsyncGenerator<number, undefined>}
     */
    numbers(received: number[], missing: number[], signal: AbortSignal): AsyncGenerator<number, undefined>;
    /** The field with which a part is signed that is smaller than the others. @param {number} number */
    lastPart(number: number): {
        last_part_size: number;
    } | {
        last_part_size?: undefined;
    };
    /** The bucket has this part. @param {number} number */
    arrived(number: number): void;
    /** The server accepts no part from this one on: the recording ends. @param {number} number @param {ApiError} error */
    refuse(number: number, error: ApiError): void;
}
/**
 * One upload of one file. It begins by itself.
 *
 * Events: `progress`, `state` and `stage`, whose `detail` is a `Progress`, a `State` and a `VideoStatus`; and
 * `fallback`, before the old route is used because the bucket cannot be reached: `preventDefault()` makes the upload
 * fail instead.
 */
export declare class Upload extends EventTarget {
    #private;
    filename: string;
    /** The id of the video, once it exists. @type {string | null} */
    videoId: string | null;
    /** How the file is sent: to the bucket, or by the old route through the API. @type {"bucket" | "api"} */
    route: "bucket" | "api";
    /** The video once it is ready, or an `UploadError`. @type {Promise<Video>} */
    promise: Promise<Video>;
    /** @param {Blob | Capture} source @param {UploadOptions} [options] */
    constructor(source: Blob | Capture, options?: UploadOptions);
    /** What is uploaded; of a recording, what the page keeps of it. @returns {Blob} */
    get file(): Blob;
    /** @returns {State} */
    get state(): State;
    /** @returns {Progress} */
    get progress(): Progress;
    /** Stops sending until `resume`. What has arrived is kept. Returns whether there was something to pause. */
    pause(): boolean;
    /** Goes on after `pause`. Returns whether the upload was paused. */
    resume(): boolean;
    /** Goes on after a failure, with what has arrived. Returns false if there was none before processing. */
    retry(): boolean;
    /**
     * Ends the upload and erases what has arrived. Returns false if it had ended, or processing has begun: delete the
     * video instead.
     */
    cancel(): Promise<boolean>;
}
/**
 * One recording, which is uploaded while it grows. `promise`, `state`, `progress` and their events are those of the
 * upload. The event `capture`, whose `detail` is the property, tells when the recorder pauses, resumes and stops.
 */
export declare class Recording extends Upload {
    #private;
    /** @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} [options] */
    constructor(source: MediaStream | MediaRecorder | Chunks, options?: RecordingOptions);
    /** What the recorder does, and what the page and the server have of the recording. @returns {CaptureStatus} */
    get capture(): CaptureStatus;
    /** Pauses the recorder; what was recorded is still sent. Returns whether it was recording. @override */
    pause(): boolean;
    /** Resumes the recorder. Returns whether it was paused. @override */
    resume(): boolean;
    /** Ends the recording, and resolves with its video once the rest is sent. */
    stop(): Promise<Video>;
}
/** Uploads a file and follows its video. @param {Blob} file @param {UploadOptions} [options] */
export declare function uploadVideo(file: Blob, options?: UploadOptions): Upload;
/**
 * Records a stream, or takes the chunks of one that something else records, and uploads it while it grows.
 * @param {MediaStream | MediaRecorder | Chunks} source @param {RecordingOptions} [options]
 * @throws {UploadError} `recording_unsupported`
 */
export declare function recordVideo(source: MediaStream | MediaRecorder | Chunks, options?: RecordingOptions): Recording;
/**
 * The uploads of this browser and user that can go on: choose the file again and call `uploadVideo` with it. `isActive`
 * says that a tab is sending it now.
 *
 * @param {Connection & {storage?: Memory | null}} options
 * @returns {Promise<{videoId: string, filename: string, size: number, lastModified: number, receivedBytes: number,
 *   isActive: boolean}[]>}
 */
export declare function resumableUploads({ storage, ...connection }: Connection & {
    storage?: Memory | null;
}): Promise<{
    videoId: string;
    filename: string;
    size: number;
    lastModified: number;
    receivedBytes: number;
    isActive: boolean;
}[]>;
/**
 * Follows a video: by Server-Sent Events, or by polling where they do not get through.
 *
 * @param {string} videoId
 * @param {Connection & {onStatus?: (status: VideoStatus) => void, signal?: AbortSignal}} [options]
 * @returns {Promise<VideoStatus | null>} Its last status, when it is completed or has failed, or the signal aborts.
 * @throws {ApiError} The video does not exist, or the token is refused.
 */
export declare function followVideo(videoId: string, { onStatus, signal, ...connection }?: Connection & {
    onStatus?: (status: VideoStatus) => void;
    signal?: AbortSignal;
}): Promise<VideoStatus | null>;
/**
 * Follows all videos of the user until the signal aborts. `onEvent` gets the events of the stream (docs/events.md), and
 * `connection` events whose data is `{state: "live" | "polling" | "away"}`. While polling, it gets snapshots.
 *
 * @param {Connection & {onEvent: (event: StreamEvent) => void, signal?: AbortSignal}} options
 * @returns {Promise<void>}
 */
export declare function followAll({ onEvent, signal, ...connection }: Connection & {
    onEvent: (event: StreamEvent) => void;
    signal?: AbortSignal;
}): Promise<void>;
/**
 * Calls the API once; a token that is refused is replaced once.
 *
 * @param {string} method
 * @param {string} path
 * @param {Connection & {body?: unknown, signal?: AbortSignal, idempotencyKey?: string}} [options]
 * @returns {Promise<any>} The JSON of the answer; null if it has none.
 * @throws {ApiError}
 */
export declare function request(method: string, path: string, { body, signal, idempotencyKey, ...connection }?: Connection & {
    body?: unknown;
    signal?: AbortSignal;
    idempotencyKey?: string;
}): Promise<any>;
export {};
