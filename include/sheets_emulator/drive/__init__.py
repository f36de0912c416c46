"""The Drive API v3: files, their contents, folders, shortcuts, revisions, permissions, shared drives."""
