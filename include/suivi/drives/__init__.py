"""Drives: where a cluster leaves its minutes.

One small interface for all of them: `open_drive` gives a `DriveFiles` that lists files (`FileEntry`, without
downloading any) and reads the bytes of one. A local folder, SFTP, SMB, WebDAV (Nextcloud), S3 and SharePoint go
through fsspec (`folder`, `filesystems`), Google Drive through its own API (`google`). `collect.compare` says what a
listing changes.

==================  =====================================================  =============================================
drive               url in the cluster file                                its connection holds
==================  =====================================================  =============================================
local folder        ``minutes`` (relative to include/), ``/mnt/minutes``   nothing
SFTP                ``sftp://host:22/folder``                              login, password or private_key; host_key
SMB                 ``smb://server/share/folder``                          login (or ``DOMAIN\\user``), password
WebDAV, Nextcloud   ``webdavs://cloud/remote.php/dav/files/me/folder``     login, password (an app password), or token
S3                  ``s3://bucket/prefix``, options: endpoint_url          login = key id, password = secret key
Google Drive        the folder's link, or ``gdrive://ID``                  keyfile_path, or the key's JSON as password
SharePoint          the folder's link, ``https://org.sharepoint.com/…``    login = client id, password = secret,
OneDrive            ``onedrive://person@organisation.org/folder``          tenant_id
anything else       any other fsspec url                                   what its filesystem takes
==================  =====================================================  =============================================

A drive that cannot be used raises `TargetError` with the drive's name and what to do next.
"""

from suivi.drives.collect import Changes, compare
from suivi.drives.entry import DriveFiles, FileEntry, Listing
from suivi.drives.opening import open_drive

__all__ = ["Changes", "DriveFiles", "FileEntry", "Listing", "compare", "open_drive"]
