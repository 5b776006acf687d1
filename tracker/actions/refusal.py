"""Why an action was not carried out, in words for the person who asked."""


class Refused(Exception):
    """Nothing was written. `field` names the form field at fault, where there is one."""

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.field = field
