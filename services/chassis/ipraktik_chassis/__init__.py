"""The microservice chassis: what every service of Innovationspraktik stands on. It knows no service."""
