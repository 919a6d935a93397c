"""Access: repeated requests and their stored responses."""
