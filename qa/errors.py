"""What can be wrong with a question or a setting."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.errors import DatelineError


class QuestionError(DatelineError):
    """A question that cannot be answered as it was put."""


class SettingsError(DatelineError):
    """A setting that is unknown or has a value that makes no sense."""


class RecordError(DatelineError):
    """A file of questions or answers that cannot be read or written."""


class UnknownArticleError(DatelineError):
    """An article id that the archive does not hold."""


class EmptyCorpusError(DatelineError):
    """Paths under which there is no article that can be read."""


class AccessError(DatelineError):
    """A file of users and API keys that cannot be used, or an entry that cannot be in it."""


class BusyError(DatelineError):
    """A server that has more questions waiting than it takes."""


class UploadError(DatelineError):
    """A file that is not taken into the archive, and why."""


class MemoryFileError(DatelineError):
    """A file of conversations and feedback that cannot be used."""


class NewerMemoryError(MemoryFileError):
    """A file of conversations that a newer version of Dateline wrote."""


class MemoryFullError(MemoryFileError):
    """A disk on which there is no room for what has to be remembered."""


class UnknownConversationError(DatelineError):
    """A conversation, or a turn of one, that its owner does not have."""


class FeedbackError(DatelineError):
    """An opinion of an answer that makes no sense."""


@contextmanager
def about_file(verb: str, path: Path) -> Iterator[None]:
    """Turn what the system says of a file into a RecordError; a reader that went away is not the file's fault."""
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise RecordError(f"cannot {verb} {path}: {error.strerror or error}") from error
