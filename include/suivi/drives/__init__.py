"""Drives: where a cluster leaves its minutes.

One small interface for all of them: `open_drive` gives a `DriveFiles` that lists files (`FileEntry`, without
downloading any) and reads the bytes of one. A local folder, SFTP, SMB, WebDAV (Nextcloud), S3 and SharePoint go
through fsspec (`folder`, `filesystems`), Google Drive through its own API (`google`). `collect.compare` says what a
listing changes.
A drive that cannot be used raises `TargetError` with the drive's name and what to do next.
"""

from suivi.drives.collect import Changes, compare
from suivi.drives.entry import DriveFiles, FileEntry, Listing
from suivi.drives.opening import open_drive

__all__ = ["Changes", "DriveFiles", "FileEntry", "Listing", "compare", "open_drive"]
