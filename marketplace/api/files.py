"""Files in a body: base64, and the parser that has room for them."""

from base64 import b64decode
from binascii import Error as NotBase64

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from marketplace.core.spreadsheets import LARGEST

from .doors import Shape
from .parsing import StrictJSONParser

LONGEST = LARGEST * 4 // 3 + 4


class FileShape(Shape):
    """A file in base64."""

    filename = serializers.CharField(max_length=200)
    content = serializers.CharField(max_length=LONGEST, help_text="The file in base64.")

    def validate_content(self, value: str) -> bytes:
        try:
            return b64decode(value, validate=True)
        except (NotBase64, ValueError) as fault:
            raise serializers.ValidationError(_("This is not base64.")) from fault


class FileParser(StrictJSONParser):
    """Room for a file."""

    limit = LARGEST * 4 // 3 + 10_000
