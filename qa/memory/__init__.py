"""What is remembered between visits: conversations, and what people said of the answers. One SQLite file of our own."""
