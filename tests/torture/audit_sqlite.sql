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
CREATE TRIGGER audit_published AFTER UPDATE ON videos WHEN OLD.publication IS NOT NEW.publication
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
