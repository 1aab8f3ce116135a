"""All SQL of the service, by named functions; the connection comes first."""
