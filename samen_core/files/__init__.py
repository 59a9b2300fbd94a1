"""Uploaded files: pictures encoded anew without their metadata, other files kept as downloads.

A service stores one with ``store_upload`` after its own permission check, or ties what a form brought with
``attach_files``; ``open_file`` checks who may read.
"""

from samen_core.files.attaching import attach_files, check_files, files_for_form
from samen_core.files.kinds import DOWNLOADS, PICTURES
from samen_core.files.models import File
from samen_core.files.services import (
    OpenedFile,
    StoredFile,
    delete_file,
    erase_file,
    open_file,
    store_file,
    store_upload,
    stored_files,
    sweep_files,
)
from samen_core.files.store import FileStore, LocalFolder

__all__ = [
    "DOWNLOADS",
    "PICTURES",
    "File",
    "FileStore",
    "LocalFolder",
    "OpenedFile",
    "StoredFile",
    "attach_files",
    "check_files",
    "delete_file",
    "erase_file",
    "files_for_form",
    "open_file",
    "store_file",
    "store_upload",
    "stored_files",
    "sweep_files",
]
