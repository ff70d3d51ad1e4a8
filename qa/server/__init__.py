"""The HTTP server around the chat: who may come, the API, what is counted and logged, and how it stops."""
