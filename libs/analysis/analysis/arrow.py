"""An answer as an Apache Arrow stream: what notebooks read without guessing types. Loads pyarrow."""

from typing import cast

import pyarrow as pa

from analysis.answers import Answer


def arrow(answer: Answer) -> bytes:
    """Return the columns of `Answer.csv` as an IPC stream; what is not shown is null, and its mark says so."""
    cells = answer.cells
    levels = {name: pa.array([cell.levels[place] for cell in cells], pa.string()) for place, name in enumerate(answer.by)}
    table = pa.table(
        {
            "snapshot": pa.array([answer.snapshot] * len(cells), pa.string()),
            "measure": pa.array([answer.measure] * len(cells), pa.string()),
            "version": pa.array([answer.version] * len(cells), pa.int16()),
            **({} if answer.cohort is None else {"cohort": pa.array([answer.cohort] * len(cells), pa.string())}),
            "year": pa.array([cell.year for cell in cells], pa.int16()),
            **levels,
            "people": pa.array([cell.people for cell in cells], pa.int64()),
            "counted": pa.array([cell.counted for cell in cells], pa.int64()),
            "value": pa.array([cell.value for cell in cells], pa.float64()),
            "mark": pa.array([cell.mark for cell in cells], pa.string()),
        }
    )
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, table.schema) as stream:
        stream.write_table(table)
    return cast("bytes", sink.getvalue().to_pybytes())
