"""Jobs: units of background work, their payloads, and when they run again."""
