"""Works over sockets: a server of each program's, and one client."""

WORKS = []
