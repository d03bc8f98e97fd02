"""What ministack 1.5.33 lacks of Athena, as far as our statements need it; `ministack_gaps.py` puts it in.

ATHENA_MACROS names a file of DuckDB macros for the functions that Athena calls by Trino's names.
"""

import datetime
import decimal
import json
import os
import re
import shutil
import tempfile
import time

import duckdb
from ministack.services import athena, glue, s3
from ministack.services import stepfunctions as states

with open(os.environ["ATHENA_MACROS"]) as file:
    MACROS = file.read()


def close_athena_tasks():
    """athena:startQueryExecution.sync of a state machine waits for the query; ministack does not know it."""

    def ask(action, body):
        return states._invoke_aws_sdk_integration(f"arn:aws:states:::aws-sdk:athena:{action}", body)

    def start(_resource, arguments):
        query = {"QueryExecutionId": ask("startQueryExecution", arguments)["QueryExecutionId"]}
        while True:
            answer = ask("getQueryExecution", query)
            state = answer["QueryExecution"]["Status"]["State"]
            if state == "SUCCEEDED":
                return answer
            if state in ("FAILED", "CANCELLED"):
                raise states._ExecutionError("States.TaskFailed", json.dumps(answer))
            time.sleep(0.1)

    states._SERVICE_DISPATCH["arn:aws:states:::athena:startQueryExecution"] = start


UNLOAD = re.compile(r"^\s*UNLOAD\s*\((.*)\)\s*TO\s*'s3://([^/']+)/([^']*)'\s*WITH\s*\((.*)\)\s*$", re.S | re.I)
PARTITIONED = re.compile(r"partitioned_by\s*=\s*ARRAY\s*\[(.*?)\]", re.I | re.S)


def close_unload():
    """UNLOAD writes a SELECT's rows as Parquet below a prefix; ministack hands it to DuckDB, which does not know it."""
    run = athena._run_duckdb

    async def run_duckdb(query, database, catalog=None):
        unload = UNLOAD.match(query)
        if not unload:
            return await run(query, database, catalog)
        select, bucket, prefix, options = unload.groups()
        columns = PARTITIONED.search(options)
        names = ", ".join(name.strip().strip("'") for name in columns[1].split(",")) if columns else ""
        how = f", PARTITION_BY ({names})" if names else ", PER_THREAD_OUTPUT"
        folder = tempfile.mkdtemp(prefix="unload-")
        copied = await run(f"COPY ({select}) TO '{folder}/data' (FORMAT parquet, COMPRESSION zstd{how})", database, catalog)
        for parent, _, files in os.walk(f"{folder}/data"):
            for name in files:
                path = os.path.join(parent, name)
                with open(path, "rb") as written:
                    body = written.read()
                key = prefix + os.path.relpath(path, f"{folder}/data")
                s3._put_object(bucket, key, body, {"content-length": str(len(body))})
        shutil.rmtree(folder)
        return {"columns": ["rows"], "column_types": ["bigint"], "rows": copied["rows"]}

    athena._run_duckdb = run_duckdb


SCALARS = {"string": "VARCHAR", "int": "INTEGER", "float": "FLOAT", "binary": "BLOB"}


def duckdb_type(hive):
    """DuckDB's word for a column's type as Glue has it."""
    hive = hive.strip().lower()
    if hive.startswith("map<"):
        key, value = hive[4:-1].split(",", 1)
        return f"MAP({duckdb_type(key)}, {duckdb_type(value)})"
    return SCALARS.get(hive, hive.upper())


def text(value):
    return "'" + value.replace("'", "''") + "'"


def name_of(column):
    return '"' + column.replace('"', '""') + '"'


def address(uri):
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key


def objects_of(table):
    """Keys a table's objects stand under, by partition: below its location, or where its projection's template says."""
    template = table["Parameters"].get("storage.location.template") or table["StorageDescriptor"]["Location"]
    bucket, prefix = address(template)
    parts = re.split(r"\$\{(\w+)\}", prefix.rstrip("/") + "/")
    pattern = "".join(re.escape(part) if index % 2 == 0 else f"(?P<{part}>[^/]+)" for index, part in enumerate(parts))
    found = {}
    for key in sorted(list(s3._buckets[bucket]["objects"])):
        match = re.match(pattern, key)
        if match and not key.endswith("/"):
            found.setdefault(tuple(match.groupdict().items()), []).append((bucket, key))
    return found


def fetch(bucket, key, folder):
    path = os.path.join(folder, f"{len(os.listdir(folder))}-{os.path.basename(key)}")
    body = s3._get_object_data(bucket, key)
    if body is None:
        raise ValueError(f"HIVE_CURSOR_ERROR: The specified key does not exist: s3://{bucket}/{key}")
    with open(path, "wb") as written:
        written.write(body)
    return path


def columns_of(connection, table, paths, is_json):
    """Every column as the table has it, whatever the files hold; those they lack are NULL (matched by name)."""
    columns = table["StorageDescriptor"]["Columns"]
    if is_json:
        for column in columns:
            pointer = text(f'$."{column["Name"]}"')
            yield f"CAST(json_extract_string(json, {pointer}) AS {duckdb_type(column['Type'])}) AS {name_of(column['Name'])}"
        return
    held = connection.execute(f"DESCRIBE SELECT * FROM read_parquet([{', '.join(map(text, paths))}], union_by_name = true)")
    types = {row[0].lower(): (row[0], row[1]) for row in held.fetchall()}
    for column in columns:
        wanted = duckdb_type(column["Type"])
        spelt, held_type = types.get(column["Name"], (None, None))
        value = "NULL" if spelt is None else name_of(spelt)
        if held_type == "BLOB" and wanted == "VARCHAR":
            value = f"decode({value})"
        if wanted == "TIMESTAMP" and spelt is not None:
            # Hive's timestamp has milliseconds, and no zone: UTC's wall clock.
            wall = f"{value} AT TIME ZONE 'UTC'" if "TIME ZONE" in held_type else value
            value = f"CAST({wall} AS TIMESTAMP_MS)"
        yield f"CAST({value} AS {wanted}) AS {name_of(column['Name'])}"


def relation(connection, table, folder):
    """A table as DuckDB reads it: listed files where it is a symlink table, and its partitions' values as columns."""
    storage = table["StorageDescriptor"]
    is_json = "json" in storage["SerdeInfo"]["SerializationLibrary"].lower()
    selects = []
    for partition, objects in objects_of(table).items():
        if "SymlinkTextInputFormat" in storage["InputFormat"]:
            lines = [line for at in objects for line in s3._get_object_data(*at).decode().splitlines() if line]
            objects = [address(line) for line in lines]
        paths = [fetch(*at, folder) for at in objects]
        if not paths:
            continue
        listed = f"[{', '.join(map(text, paths))}]"
        source = f"read_ndjson_objects({listed})" if is_json else f"read_parquet({listed}, union_by_name = true)"
        values = [f"{text(value)} AS {name_of(name)}" for name, value in partition]
        columns = ", ".join([*columns_of(connection, table, paths, is_json), *values])
        selects.append(f"SELECT {columns} FROM {source}")
    if selects:
        return f"({' UNION ALL '.join(selects)})"
    columns = [*storage["Columns"], *table.get("PartitionKeys", [])]
    empty = ", ".join(f"CAST(NULL AS {duckdb_type(column['Type'])}) AS {name_of(column['Name'])}" for column in columns)
    return f"(SELECT {empty} WHERE false)"


def close_tables():
    """Athena reads symlink tables, projected partitions and Hive's types, and calls functions by Trino's names."""
    connect = duckdb.connect

    def connect_as_athena(*args, **kwargs):
        connection = connect(*args, **kwargs)
        connection.execute(MACROS)
        connection.execute("SET TimeZone = 'UTC'; SET integer_division = true")
        return connection

    async def rewrite(query, database, catalog=None):
        folder = tempfile.mkdtemp(prefix="athena-")
        edits = []
        with connect_as_athena(":memory:") as connection:
            for reference in athena._table_references(query):
                table = glue._tables.get(f"{reference.database or database}/{reference.table}")
                if table is None:
                    continue
                alias = "" if reference.aliased else f" AS {name_of(reference.table)}"
                edits.append((reference.start, reference.end, relation(connection, table, folder) + alias))
        for start, end, replacement in sorted(edits, reverse=True):
            query = query[:start] + replacement + query[end:]
        return query, {}, [folder]

    def datum(value):
        if isinstance(value, decimal.Decimal):
            return format(value, "f")
        if isinstance(value, datetime.datetime):
            return value.isoformat(" ", "milliseconds")
        return as_text(value)

    as_text = athena._datum_text
    athena._datum_text = datum
    athena._rewrite_data_paths = rewrite
    duckdb.connect = connect_as_athena
