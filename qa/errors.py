"""What can be wrong with a question or a setting."""

from corpus.errors import DatelineError


class QuestionError(DatelineError):
    """A question that cannot be answered as it was put."""


class SettingsError(DatelineError):
    """A setting that is unknown or has a value that makes no sense."""


class RecordError(DatelineError):
    """A file of questions or answers that cannot be read or written."""
