"""Errors: the few ways in which this library refuses, each with a name and a sentence on what to do."""


class MatchingError(Exception):
    """Any refusal of the matching library."""


class IndexFileError(MatchingError):
    """An index file cannot be used."""


class ForeignIndexFile(IndexFileError):
    """The file is not an index of this library."""


class DamagedIndexFile(IndexFileError):
    """The file is an index but cut short or altered."""


class NewerIndexFile(IndexFileError):
    """The file was written by a newer version of this library."""


class DatasetError(MatchingError):
    """A data set for `matching.evaluate` is missing a file or holds a line that cannot be read."""
