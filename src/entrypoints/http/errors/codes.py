"""Every error that a client of the API can receive: its code, its HTTP status, and what to do about it."""

from dataclasses import dataclass

UNAVAILABLE_DETAIL = "A service that this server depends on is unavailable; no data was lost, try again later."
"""The detail of every error of another system; the server's log has the exact one."""


@dataclass(frozen=True, slots=True)
class ErrorCode:
    """The HTTP status of a code, and what a client can do about the error."""

    status: int
    advice: str


ERROR_CODES: dict[str, ErrorCode] = {
    # The request itself.
    "invalid_request": ErrorCode(400, "The body, a parameter or a header is malformed; `detail` says which."),
    "unknown_parameter": ErrorCode(400, "Remove the query parameter that `detail` names, or correct its name."),
    "repeated_parameter": ErrorCode(400, "Send each query parameter once."),
    "invalid_limit": ErrorCode(400, "Set `limit` to a number from 1 to 100."),
    "invalid_cursor": ErrorCode(400, "Start the list again without a cursor."),
    "invalid_idempotency_key": ErrorCode(400, "Choose a key of 1 to 255 printable ASCII characters."),
    "invalid_form": ErrorCode(400, "Send a complete `multipart/form-data` body with at most 64 KiB beyond the file."),
    "missing_file": ErrorCode(400, "Send the file in a field `file`, with a filename."),
    "several_files": ErrorCode(400, "Send one file per request."),
    "incomplete_body": ErrorCode(400, "Send as many bytes as `Content-Length` declares."),
    "upload_failed": ErrorCode(400, "Confirms the failure that the client reported; start again with a new upload."),
    "upload_missing": ErrorCode(400, "Send the file to the bucket, then report the upload again."),
    "upload_incomplete": ErrorCode(400, "Send the parts that `detail` and `GET …/upload` name, then report it again."),
    "body_too_large": ErrorCode(413, "Send a JSON body of at most 64 KiB."),
    "unsupported_media_type": ErrorCode(415, "Send the body with the content type that `detail` names."),
    "length_required": ErrorCode(411, "Send the form with a `Content-Length` header."),
    "route_not_found": ErrorCode(404, "Check the path; it does not exist."),
    "method_not_allowed": ErrorCode(405, "Use a method that the `Allow` header names."),
    # Authentication, rate limits and quotas.
    "missing_token": ErrorCode(401, "Send `Authorization: Bearer <token>`."),
    "invalid_token": ErrorCode(401, "Get a token that this installation accepts."),
    "token_expired": ErrorCode(401, "Get a new token."),
    "invalid_subject": ErrorCode(401, "The token's `sub` must be 1 to 128 printable ASCII characters."),
    "insufficient_scope": ErrorCode(403, "Get a token with the scope that `WWW-Authenticate` names."),
    "local_sign_in_refused": ErrorCode(403, "Sign in with a token; `telecine token` prints one."),
    "invalid_ticket": ErrorCode(
        401, "Get a new ticket: for one stream, within 60 seconds; or for one step of an upload."
    ),
    "rate_limited": ErrorCode(429, "Wait `Retry-After` seconds, then retry."),
    "too_many_streams": ErrorCode(429, "Close one of your event streams; wait `Retry-After` seconds, then retry."),
    "too_many_videos_in_flight": ErrorCode(429, "Wait until one of your videos is completed or has failed."),
    "daily_upload_quota_exceeded": ErrorCode(429, "Wait `Retry-After` seconds, until the next day (UTC) begins."),
    "storage_quota_exceeded": ErrorCode(403, "Delete some of your videos."),
    # The declared file and the idempotency key.
    "invalid_filename": ErrorCode(422, "Use 1 to 255 characters, without path separators or control characters."),
    "unsupported_extension": ErrorCode(
        422, "Use one of the extensions that `detail` lists, or declare the media type of a name without an extension."
    ),
    "unsupported_content_type": ErrorCode(415, "Declare the media type of the file, or an empty one."),
    "invalid_file_size": ErrorCode(422, "Declare a size of at least one byte."),
    "file_too_large": ErrorCode(413, "Send a file no larger than the limit in `detail`."),
    "file_too_large_for_single_put": ErrorCode(413, "Request the upload with the strategy `multipart` or `auto`."),
    "idempotency_key_reused": ErrorCode(422, "The key belongs to a different request; choose a new one."),
    "idempotency_key_in_use": ErrorCode(409, "The first request with this key is still running; retry later."),
    "idempotency_key_spent": ErrorCode(409, "What the key belongs to was deleted; choose a new key."),
    # Speech, captions and imports.
    "invalid_language": ErrorCode(422, "Send a two-letter ISO 639-1 language code, such as `en`."),
    "invalid_keywords": ErrorCode(422, "`detail` states how many keywords are allowed, and with which characters."),
    "invalid_original": ErrorCode(
        422, "Send `original` as `delete` or `keep`, and `keep_days` (1 to 36500) only for one that is kept."
    ),
    "invalid_title": ErrorCode(422, "Send a title of at most 300 characters, on one line."),
    "invalid_external_id": ErrorCode(422, "Send an id of at most 255 characters, without control characters."),
    "invalid_metadata": ErrorCode(
        422, "Send a JSON object of at most 16 KiB and 32 levels; `detail` states what is wrong."
    ),
    "invalid_captions": ErrorCode(400, "Send WebVTT or SubRip; `detail` states the error and its line."),
    "captions_too_large": ErrorCode(413, "Send captions of at most 5 MiB."),
    "own_captions": ErrorCode(409, "Delete the uploaded captions first."),
    "generated_captions": ErrorCode(409, "Only uploaded captions can be deleted; request a new transcript instead."),
    "transcription_in_progress": ErrorCode(409, "Wait until the stage `transcribe` has ended."),
    "too_many_regenerations": ErrorCode(409, "The limit set by the operator is reached; upload captions instead."),
    "transcription_disabled": ErrorCode(409, "No transcriber is configured on this server; upload captions instead."),
    "youtube_import_disabled": ErrorCode(403, "YouTube imports are disabled on this server; upload the file instead."),
    "invalid_youtube_url": ErrorCode(400, "Send the URL of one YouTube video, or its id."),
    # Search.
    "empty_query": ErrorCode(422, "Send at least one word as `q`."),
    "query_too_long": ErrorCode(422, "Send a query within the limits that `detail` states."),
    # Upload and video.
    "video_not_found": ErrorCode(404, "The video does not exist, or belongs to another user."),
    "playback_token_not_found": ErrorCode(404, "The token was revoked, has expired, or belongs to another video."),
    "invalid_expires_in": ErrorCode(422, "Send `expires_in` as a number of seconds within the limits in `detail`."),
    "too_many_playback_tokens": ErrorCode(409, "Revoke a playback token of the video, or wait until one expires."),
    "transcript_not_found": ErrorCode(404, "The video has no transcript, or none yet; see the stage `transcribe`."),
    "poster_not_found": ErrorCode(404, "No poster could be generated for this video."),
    "storyboard_not_found": ErrorCode(404, "No storyboard could be generated for this video."),
    "original_not_kept": ErrorCode(404, "The original was erased, or nothing is published yet; see `original`."),
    "invalid_part_numbers": ErrorCode(422, "Send 1 to 100 distinct part numbers of this upload."),
    "invalid_part_size": ErrorCode(422, "Choose a part size within the limits that `detail` states, or send none."),
    "invalid_last_part_size": ErrorCode(
        422, "Send `last_part_size` only for an upload without a declared size, from 1 to `part_size`."
    ),
    "part_size_mismatch": ErrorCode(422, "Send the parts that `detail` names again, with their full size."),
    "invalid_parts": ErrorCode(422, "Parts changed while the upload was being completed; report the upload again."),
    "upload_size_mismatch": ErrorCode(422, "Send a file of the declared size, then report the upload again."),
    "not_a_video": ErrorCode(
        422, "The file is not in a supported video container or audio format; upload a video or audio file."
    ),
    "upload_closed": ErrorCode(409, "The upload was abandoned or cancelled, or has expired; start a new one."),
    "upload_completed": ErrorCode(409, "The upload is complete; nothing more can be sent."),
    "imported_video": ErrorCode(409, "The server fetches this video itself; follow its status, or cancel it."),
    "not_multipart": ErrorCode(409, "The upload is a single PUT; request a fresh URL for it."),
    "not_single_put": ErrorCode(409, "The upload is multipart; request URLs for its parts."),
    "processing_begun": ErrorCode(409, "Processing has begun; delete the video instead of cancelling."),
    "invalid_transition": ErrorCode(409, "The video's current status does not allow this request."),
    "not_failed": ErrorCode(409, "Only a failed video can be retried."),
    "nothing_to_retry": ErrorCode(409, "The files that a retry needs no longer exist; upload the video again."),
    "not_playable": ErrorCode(409, "The video cannot be played yet; wait until `playable` is true."),
    "no_picture": ErrorCode(422, "Sound alone has a waveform as its poster, and no other can be chosen."),
    "invalid_poster_time": ErrorCode(422, "Send `time_s` as a number of seconds within the video."),
    "poster_in_progress": ErrorCode(409, "Wait for the event `poster.ready` or `poster.failed`, then choose again."),
    "proxied_upload_off": ErrorCode(410, "Request a presigned URL instead."),
    # Operators.
    "job_not_found": ErrorCode(404, "The job does not exist, or was deleted with its video."),
    "job_not_dead": ErrorCode(409, "Only a dead job can be retried; list the dead ones again."),
    # Webhooks.
    "webhook_not_found": ErrorCode(404, "The webhook does not exist, or belongs to another user."),
    "delivery_not_found": ErrorCode(404, "The webhook has no such delivery, or it was removed because it is old."),
    "webhook_disabled": ErrorCode(409, "Enable the webhook first."),
    "too_many_webhooks": ErrorCode(409, "Delete a webhook; `detail` states the limit."),
    "invalid_webhook_url": ErrorCode(422, "Send an absolute https URL; `detail` states what is wrong."),
    "webhook_https_required": ErrorCode(422, "Send a URL that begins with `https://`."),
    "webhook_port_not_allowed": ErrorCode(422, "Use port 443, or one from 1024 that no well-known service uses."),
    "webhook_address_not_allowed": ErrorCode(422, "Use a host whose addresses are all on the public Internet."),
    "invalid_event_filter": ErrorCode(422, "Name events that `detail` lists, or `*`."),
    "invalid_description": ErrorCode(422, "Send a description of at most 255 characters."),
    "invalid_since": ErrorCode(422, "Send an RFC 3339 time with a time zone."),
    # The local bucket.
    "invalid_signature": ErrorCode(403, "Send exactly the signed request, with the `headers` that came with the URL."),
    "url_expired": ErrorCode(403, "Request a fresh URL."),
    "invalid_object_key": ErrorCode(422, "Use the URL unchanged."),
    "object_not_found": ErrorCode(404, "The object does not exist, or was deleted."),
    "upload_not_found": ErrorCode(404, "The upload is complete, or was cancelled."),
    "range_not_satisfiable": ErrorCode(416, "Request a byte range within the object."),
    "storage_full": ErrorCode(507, "The server's disk is full; inform the operator, and retry later."),
    # Errors of the server.
    "unavailable": ErrorCode(503, "Wait `Retry-After` seconds, then retry; no data was lost."),
    "database_unavailable": ErrorCode(503, "Wait `Retry-After` seconds, then retry; no data was lost."),
    "storage_unavailable": ErrorCode(503, "Wait `Retry-After` seconds, then retry; no data was lost."),
    "jwks_unavailable": ErrorCode(503, "Tokens cannot be verified now; wait `Retry-After` seconds, then retry."),
    "stopping": ErrorCode(503, "The server is restarting; retry the request."),
    "internal_error": ErrorCode(500, "An error in the server; report the `x-request-id` header to the operator."),
}
