"""The pages behind the plugin: nights, documents with their quotes, the held queue, issues. French and English."""
