"""Constants that block code imports from here."""

from enum import Enum


class ExportWritePolicy(str, Enum):
    APPEND = 'append'
    FAIL = 'fail'
    REPLACE = 'replace'


class FileFormat(str, Enum):
    CSV = 'csv'
    JSON = 'json'
    PARQUET = 'parquet'
    HDF5 = 'hdf5'
    XML = 'xml'
    EXCEL = 'excel'


# Rows that a load without a limit reads at most.
QUERY_ROW_LIMIT = 10_000_000
