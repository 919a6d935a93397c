"""Event streams: Server-Sent Events, WebSockets, and the tickets that open them."""
