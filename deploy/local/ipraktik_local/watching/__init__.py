"""What the services show of themselves, and what is made of it: the list of metrics, alerts, dashboards, Prometheus on this machine."""
