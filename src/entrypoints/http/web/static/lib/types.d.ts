// Types that several modules of the page share; the fields are those of docs/openapi.json.
import type { Store } from "./store.js";
import type { Api } from "./api.js";
import type { Live } from "./live.js";
import type { Deletions } from "./deletions.js";
import type { Uploads } from "./uploads.js";

export interface Stage {
  name: "upload" | "download" | "probe" | "compress" | "publish" | "transcribe";
  state: "pending" | "running" | "done" | "failed" | "skipped";
  percent: number;
  attempt: number;
  speed: number | null;
  eta_s: number | null;
}

export interface Failure {
  code: string;
  message: string;
  stage: string;
}

export interface Status {
  video_id: string;
  status: "uploading" | "uploaded" | "processing" | "completed" | "failed";
  playable: boolean;
  stages: Stage[];
  failure: Failure | null;
  warnings: { code: string; message: string }[];
  created_at: string;
  updated_at: string;
}

export interface Video extends Status {
  filename: string;
  title: string;
  external_id: string | null;
  metadata: Record<string, unknown>;
  content_type: string;
  size_bytes: number;
  rendition_size_bytes: number | null;
  rendition_kind: "encoded" | "remuxed" | "original" | null;
  duration_s: number | null;
  captions: "none" | "generated" | "own";
  poster_url: string | null;
  playback_url: string | null;
  media: { kind: "video" | "audio"; duration_s: number; width: number; height: number } | null;
  original_kept: boolean;
}

export interface VideoPage {
  items: Video[];
  next_cursor: string | null;
}

export interface Options {
  version: string;
  imports: boolean;
  transcription: boolean;
  max_file_size_bytes: number;
  max_duration_s: number | null;
  extensions: string[];
  content_types: string[];
  multipart_from_bytes: number;
  part_size_bytes: number;
  proxied_upload: boolean;
  direct_share: number;
}

export interface State {
  /** Whether the server answers. */
  reachable: boolean;
  /** What the search screen looks for; empty on any other screen. */
  query: string;
}

export interface App {
  store: Store<State>;
  api: Api;
  live: Live;
  navigate: (path: string, options?: { replace?: boolean }) => Promise<void>;
  session: { userId: string; scopes: string[] };
  options: Options;
  uploads: Uploads;
  deletions: Deletions;
  signOut: () => Promise<void>;
  /** Opens the system's file chooser; what is chosen is uploaded. */
  chooseFiles: () => void;
}

export interface Screen {
  element: HTMLElement;
  title: string;
  dispose: () => void;
}
