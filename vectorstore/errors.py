"""What can be wrong with an index or a model, each with what mends it."""

from corpus.errors import DatelineError


class ModelError(DatelineError):
    """An embedding model that cannot be loaded, or whose weights are not what they should be."""


class IndexProblemError(DatelineError):
    """Any problem of an index folder."""


class IndexMissingError(IndexProblemError):
    """A folder that holds no index where one is needed."""


class IndexMismatchError(IndexProblemError):
    """An index that was built with another recipe (model, window or splitter) than the settings ask for."""


class NewerIndexError(IndexProblemError):
    """An index that a newer version of Dateline wrote."""


class IndexBusyError(IndexProblemError):
    """An index that another process is writing to."""


class IndexDamagedError(IndexProblemError):
    """An index whose database cannot be read."""


class StorageError(IndexProblemError):
    """A disk that is full or a folder that cannot be written to."""
