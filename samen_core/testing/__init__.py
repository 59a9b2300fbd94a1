"""Test tools for the platform and for building blocks: a pytest plugin, and the servers that tests run against."""
