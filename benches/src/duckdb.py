"""Groups of persons in DuckDB: python -c ... FILE COLUMN..."""

import json
import statistics
import sys
import time

import duckdb

TIMES = 30

file, *columns = sys.argv[1:]
names = {name: "VARCHAR" for name in columns}
database = duckdb.connect()
database.execute(
    "CREATE TABLE persons AS SELECT division, sex FROM read_csv(?, header = false, columns = ?)",
    [file, names],
)
words = "SELECT substr(division, 1, 6) AS county, sex, count(*) FROM persons GROUP BY ALL ORDER BY ALL"
rows = database.execute(words).fetchall()
took = []
for _ in range(TIMES):
    begun = time.perf_counter()
    database.execute(words).fetchall()
    took.append((time.perf_counter() - begun) * 1000)
print(
    json.dumps(
        {
            "version": f"DuckDB {duckdb.__version__}",
            "median": statistics.median(took),
            "counts": sorted(row[2] for row in rows),
        }
    )
)
