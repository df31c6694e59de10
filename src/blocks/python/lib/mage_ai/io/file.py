"""Files and addresses as DataFrames (mage-format.md 5.5)."""

import os

FORMATS = ('csv', 'json', 'parquet', 'hdf5', 'xml', 'excel')
_extensions = {'xls': 'excel', 'xlsx': 'excel', 'h5': 'hdf5', 'hdf': 'hdf5'}


class FileIO:
    def __init__(self, filepath=None, verbose: bool = False, **kwargs):
        self.filepath = filepath
        self.verbose = verbose

    @classmethod
    def with_config(cls, *args, **kwargs):
        return cls()

    def load(self, filepath=None, format=None, file_directories=None, **kwargs):
        """A file, an address, or all files of some folders one below the other. Further arguments go to the reader of pandas."""
        import pandas

        if file_directories:
            paths = [path for folder in file_directories for path in files_of(folder, format)]
            return pandas.concat([self._read(path, format, kwargs) for path in paths], ignore_index=True)
        return self._read(filepath or self.filepath, format, kwargs)

    def export(self, df, filepath=None, format=None, **kwargs) -> None:
        path = filepath or self.filepath
        kind = format_of(path, format)
        if self.verbose:
            print(f"Exporting data frame to '{path}'")
        if kind == 'hdf5':
            kwargs.setdefault('key', os.path.splitext(os.path.basename(path))[0])
        getattr(df, {'hdf5': 'to_hdf'}.get(kind, f'to_{kind}'))(path, **kwargs)

    def exists(self, path) -> bool:
        return os.path.exists(path)

    def _read(self, path, format, arguments: dict):
        import pandas

        kind = format_of(path, format)
        if self.verbose:
            print(f"Loading data frame from '{path}'")
        return getattr(pandas, {'hdf5': 'read_hdf'}.get(kind, f'read_{kind}'))(path, **arguments)


def format_of(path, format) -> str:
    """The format asked for, or that of the ending; `.csv.gz` is csv."""
    if format is not None:
        kind = str(getattr(format, 'value', format)).lower()
    else:
        parts = str(path).split('?')[0].rsplit('/', 1)[-1].lower().split('.')
        if len(parts) > 2 and parts[-1] in ('gz', 'bz2', 'zip', 'xz', 'zst'):
            parts.pop()
        kind = parts[-1] if len(parts) > 1 else ''
    kind = _extensions.get(kind, kind)
    if kind not in FORMATS:
        raise ValueError(f"{path}: no known file format{f' for the ending .{kind}' if kind else ''}; give one with format= ({', '.join(FORMATS)})")
    return kind


def files_of(folder: str, format) -> list[str]:
    """Files of a folder in the order of their names; with a format only those of it or without an ending."""
    wanted = str(getattr(format, 'value', format)).lower() if format is not None else None
    paths = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    return [path for path in paths if os.path.isfile(path) and (wanted is None or path.lower().endswith(f'.{wanted}') or '.' not in os.path.basename(path))]
