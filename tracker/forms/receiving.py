"""How much one request may bring: larger ones are read to their end and kept nowhere."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

LARGEST_REQUEST = 100 * 1024 * 1024
# Beside the files stands what was typed.
_TYPED = 1024 * 1024


class BoundedUploads(FileUploadHandler):
    """Stands first among the handlers. Of too large a request only names and sizes come through.

    What was typed survives, and the form can say how large the files were.
    """

    too_large = False

    def handle_raw_input(
        self, input_data: Any, meta: Any, content_length: int, boundary: Any, encoding: Any = None
    ) -> None:
        self.too_large = content_length > LARGEST_REQUEST + _TYPED

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.too_large:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.too_large else raw_data

    def file_complete(self, file_size: int) -> Any:
        if not self.too_large:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, file_size)
