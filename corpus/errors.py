"""The errors a user can mend: one class for each thing to be mended."""


class DatelineError(Exception):
    """Any problem that a user can mend; its text is one line: what happened, then what to do."""


class UnreadableFileError(DatelineError):
    """A file, or one entry of it, that holds no article that can be read."""


class MissingPathError(DatelineError):
    """A file or folder that was named and does not exist."""
