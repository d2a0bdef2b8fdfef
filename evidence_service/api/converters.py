"""The forms of path parts: what has another form is not there, and touches no database."""

from apiflask import APIFlask
from werkzeug.routing import BaseConverter


class IdConverter(BaseConverter):
    """An id of ours: a prefix and 128 random bits in hex."""

    regex = "[a-z]{3,4}_[0-9a-f]{32}"


class NumberConverter(BaseConverter):
    """A whole number in ASCII digits, as short as it can be written."""

    regex = "0|[1-9][0-9]{0,15}"

    def to_python(self, value: str) -> int:
        """Give the number."""
        return int(value)


def install(app: APIFlask) -> None:
    """Let rules of this app say `<id:case_id>` and `<number:page>`."""
    app.url_map.converters["id"] = IdConverter
    app.url_map.converters["number"] = NumberConverter
