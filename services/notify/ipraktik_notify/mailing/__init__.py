"""Writing and delivering: texts, links, calendar entries, messages, and the conversation with the mail server."""
