"""All SQL of notify, by name. A connection comes first; nothing here opens or commits a transaction."""
