-- Writes down what must never happen (fence_fell, job_revived, video_reopened), and what may happen once to a video.

CREATE TABLE audit (what TEXT NOT NULL, id TEXT NOT NULL, detail TEXT NOT NULL);

CREATE TRIGGER audit_fence_fell AFTER UPDATE ON jobs WHEN NEW.fence < OLD.fence
BEGIN
    INSERT INTO audit VALUES ('fence_fell', NEW.id, OLD.fence || ' to ' || NEW.fence);
END;

CREATE TRIGGER audit_job_revived AFTER UPDATE ON jobs
WHEN OLD.state IN ('done', 'dead') AND NEW.state <> OLD.state
BEGIN
    INSERT INTO audit VALUES ('job_revived', NEW.id, OLD.state || ' to ' || NEW.state);
END;

CREATE TRIGGER audit_video_reopened AFTER UPDATE ON videos
WHEN OLD.status IN ('completed', 'failed') AND NEW.status <> OLD.status
BEGIN
    INSERT INTO audit VALUES ('video_reopened', NEW.id, OLD.status || ' to ' || NEW.status);
END;

-- The detail is the fence that the job has at this moment: a publication by another one is a stale worker's.
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
