-- Records what must never happen (fence_fell, job_revived, video_reopened) and what may happen once to a video.
-- A retry, which may revive a job and reopen a video, has its own entry; so has an upload whose video is deleted.

CREATE TABLE audit (what TEXT NOT NULL, id TEXT NOT NULL, detail TEXT NOT NULL);

CREATE TRIGGER audit_fence_fell AFTER UPDATE ON jobs WHEN NEW.fence < OLD.fence
BEGIN
    INSERT INTO audit VALUES ('fence_fell', NEW.id, OLD.fence || ' to ' || NEW.fence);
END;

CREATE TRIGGER audit_job_revived AFTER UPDATE ON jobs
WHEN OLD.state IN ('done', 'dead') AND NEW.state <> OLD.state
    AND NOT (OLD.state = 'dead' AND NEW.state = 'queued' AND NEW.attempt = 0)
BEGIN
    INSERT INTO audit VALUES ('job_revived', NEW.id, OLD.state || ' to ' || NEW.state);
END;

CREATE TRIGGER audit_video_reopened AFTER UPDATE ON videos
WHEN OLD.status IN ('completed', 'failed') AND NEW.status <> OLD.status
    AND NOT (OLD.status = 'failed' AND NEW.status = 'uploaded')
BEGIN
    INSERT INTO audit VALUES ('video_reopened', NEW.id, OLD.status || ' to ' || NEW.status);
END;

-- The detail is the job's current fence: a publication under another fence comes from a stale worker.
-- A poster that the owner has chosen is no other publication.
CREATE TRIGGER audit_published AFTER UPDATE ON videos
WHEN json_remove(OLD.publication, '$.poster_key') IS NOT json_remove(NEW.publication, '$.poster_key')
BEGIN
    INSERT INTO audit
    SELECT 'published', NEW.id, CAST(fence AS TEXT) FROM jobs WHERE video_id = NEW.id AND kind = 'process';
END;

CREATE TRIGGER audit_transcribed AFTER INSERT ON transcripts
BEGIN
    INSERT INTO audit VALUES ('transcribed', NEW.video_id, '');
END;

CREATE TRIGGER audit_transcribed_again AFTER UPDATE ON transcripts
BEGIN
    INSERT INTO audit VALUES ('transcribed', NEW.video_id, '');
END;

CREATE TRIGGER audit_job_retried AFTER UPDATE ON jobs
WHEN OLD.state = 'dead' AND NEW.state = 'queued' AND NEW.attempt = 0
BEGIN
    INSERT INTO audit VALUES ('retried', NEW.video_id, OLD.state || ' to ' || NEW.state);
END;

CREATE TRIGGER audit_video_retried AFTER UPDATE ON videos WHEN OLD.status = 'failed' AND NEW.status = 'uploaded'
BEGIN
    INSERT INTO audit VALUES ('retried', NEW.id, OLD.status || ' to ' || NEW.status);
END;

CREATE TRIGGER audit_deletion AFTER DELETE ON videos WHEN OLD.etag IS NOT NULL
BEGIN
    INSERT INTO audit VALUES ('deleted', OLD.owner, date(OLD.created_at));
END;

-- Compares the usage computed from the videos with the recorded usage: each row is a difference.
CREATE VIEW audit_usage AS
WITH counted AS (
    SELECT videos.*, COALESCE(failure ->> '$.stage' = 'upload', false) AS is_closed FROM videos
), added AS (
    SELECT
        usage.owner,
        COUNT(counted.id) FILTER (WHERE status NOT IN ('completed', 'failed')) AS videos_in_flight,
        COALESCE(SUM(COALESCE(publication ->> '$.size_bytes', size_bytes)) FILTER (WHERE NOT is_closed), 0)
            AS stored_bytes,
        COUNT(counted.id) FILTER (WHERE NOT is_closed AND date(created_at) = day)
            + (SELECT COUNT(*) FROM audit WHERE what = 'deleted' AND id = usage.owner AND detail = day) AS uploads
    FROM usage LEFT JOIN counted ON counted.owner = usage.owner GROUP BY usage.owner, usage.day
)
SELECT
    owner,
    'in flight ' || usage.videos_in_flight || ' for ' || added.videos_in_flight || ', bytes ' || usage.stored_bytes
        || ' for ' || added.stored_bytes || ', uploads ' || usage.uploads || ' for ' || added.uploads AS detail
FROM usage JOIN added USING (owner)
WHERE usage.videos_in_flight <> added.videos_in_flight
    OR usage.stored_bytes <> added.stored_bytes
    OR usage.uploads <> added.uploads;

-- Each row is an event that must be in the log exactly once: with the number and the status that its video then had.
CREATE TABLE audit_status (video_id TEXT NOT NULL, seq INTEGER NOT NULL, status TEXT NOT NULL);

CREATE TRIGGER audit_status AFTER UPDATE ON videos WHEN OLD.status <> NEW.status
BEGIN
    INSERT INTO audit_status VALUES (NEW.id, NEW.event_seq, NEW.status);
END;

CREATE TRIGGER audit_status_of_deleted AFTER DELETE ON videos
BEGIN
    INSERT INTO audit_status VALUES (OLD.id, OLD.event_seq + 1, OLD.status);
END;

-- Compares the log of events with what has happened: each row is a missing event, or a doubled one.
CREATE VIEW audit_events AS
WITH told AS (
    SELECT video_id, seq, type, data ->> '$.status' AS status FROM events WHERE video_id IS NOT NULL
)
SELECT 'missing' AS what, audit_status.video_id AS id, 'event ' || seq || ' with status ' || status AS detail
FROM audit_status WHERE NOT EXISTS (
    SELECT 1 FROM told WHERE told.video_id = audit_status.video_id AND told.seq = audit_status.seq
        AND told.status = audit_status.status
)
UNION ALL
SELECT 'missing', videos.id, COUNT(told.seq) || ' events instead of ' || videos.event_seq
FROM videos LEFT JOIN told ON told.video_id = videos.id
GROUP BY videos.id, videos.event_seq
HAVING COUNT(DISTINCT told.seq) <> videos.event_seq OR COALESCE(MAX(told.seq), 0) <> videos.event_seq
UNION ALL
SELECT 'missing', id, 'no event of the publication'
FROM videos WHERE publication IS NOT NULL
    AND NOT EXISTS (SELECT 1 FROM told WHERE told.video_id = videos.id AND told.type = 'video.playable')
UNION ALL
SELECT 'doubled', video_id, 'event ' || seq FROM told GROUP BY video_id, seq HAVING COUNT(*) > 1
UNION ALL
SELECT 'doubled', video_id, type FROM told WHERE type IN ('video.playable', 'video.deleted')
GROUP BY video_id, type HAVING COUNT(*) > 1
UNION ALL
SELECT 'doubled', video_id, 'status ' || status
FROM (
    SELECT *, LAG(status) OVER (PARTITION BY video_id ORDER BY seq) AS before FROM told
    WHERE type NOT IN ('video.playable', 'video.deleted', 'transcript.ready', 'captions.replaced', 'captions.removed', 'poster.ready', 'poster.failed')
) AS steps WHERE status = before;
