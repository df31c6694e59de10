"""What a block would otherwise wait for: imports, and the first use of Arrow. Starts no thread: a fork would not take it along."""


def preload() -> None:
    import mage_ai.data_preparation.decorators  # noqa: F401
    import mage_ai.io.config  # noqa: F401
    import mage_ai.settings.repo  # noqa: F401

    from wand_blocks import main  # noqa: F401

    try:
        warm_tables()
    except ImportError:
        pass  # a block that needs it says so itself


def warm_tables() -> None:
    import io

    import numpy
    import pandas
    import pyarrow
    import pyarrow.dataset
    import pyarrow.parquet

    from wand_blocks import column_codecs, frames, stored  # noqa: F401

    # One thread at most, and none is started by what follows: architecture.md 5 measured 23 ms instead of 44 for a small frame.
    pyarrow.set_cpu_count(1)
    frame = pandas.DataFrame({'n': numpy.arange(3), 'x': [0.5, None, 1.5], 't': ['a', 'b', None]})
    table, _ = frames.frame_to_arrow(frame)
    memory = io.BytesIO()
    pyarrow.parquet.write_table(table, memory)
    memory.seek(0)
    # read_table would start Arrow's threads for input here.
    pyarrow.parquet.ParquetFile(memory, pre_buffer=False).read(use_threads=False).to_pandas(use_threads=False)
