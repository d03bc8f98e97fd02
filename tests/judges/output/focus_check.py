"""Puts FOCUS 1.2 files before the FinOps Foundation's focus-validator, offline, and prints what it finds as JSON.

    python focus_check.py MODEL_VERSION ALLOWED.json FILE.parquet ...

The package's own command exits 0 whatever it finds and opens a file of its own relative to the working directory. Rules,
SQL and verdicts here are the package's; this copies each file's rows into a DuckDB table first, which halves the time.

An allowed rule is replaced by what it should have asked (`instead`: rows that really break it), where that is decidable.
"""

import json
import os
import pathlib
import sys

import duckdb
import focus_validator
from focus_validator.validator import Validator

PACKAGE = pathlib.Path(focus_validator.__file__).parent


class Materialised:
    """A connection that keeps a registered frame as a table."""

    def __init__(self, connection):
        self._connection = connection

    def register(self, name, frame):
        self._connection.register("given_frame", frame)
        self._connection.execute(f"CREATE TABLE {name} AS SELECT * FROM given_frame")
        self._connection.unregister("given_frame")

    def __getattr__(self, name):
        return getattr(self._connection, name)


def only_refers(requirement):
    """Whether a requirement only combines other rules: it then repeats their failures."""
    items = requirement.get("Items")
    if items:
        return all(only_refers(item) for item in items)
    return requirement.get("CheckFunction") == "CheckModelRule"


def judge(path, version, allowed):
    validator = Validator(
        data_filename=path,
        rule_set_path=str(PACKAGE / "rules"),
        rules_version=version,
        output_type="console",
        output_destination=None,
        column_namespace=None,
        focus_dataset="CostAndUsage",
        rules_block_remote_download=True,
        applicability_criteria="ALL",
    )
    validator.load()
    rows = validator.focus_data
    connection = Materialised(duckdb.connect(":memory:"))
    results = validator.spec_rules.validate(rows, connection=connection, data_filename=path, data_row_count=len(rows))
    ran = {id: result for id, result in results.by_rule_id.items() if not result["details"].get("skipped")}
    model = validator.spec_rules.model_data["ModelRules"]
    criteria = lambda id: model.get(id, {}).get("ValidationCriteria", {})
    rules = allowed["rules"] | allowed["ours"]
    findings, excused = [], []
    for id, result in sorted(ran.items()):
        requirement = criteria(id).get("Requirement", {})
        if result["ok"] or only_refers(requirement):
            continue
        is_present = id.split("-")[0] in rows.columns
        if id in rules or (requirement.get("CheckFunction") in allowed["checkFunctions"] and is_present):
            excused.append(id)
            continue
        details = result["details"]
        rule = criteria(id).get("MustSatisfy", "")
        findings.append(f"{id}: {details.get('violations')} rows; {details.get('message')} [{rule}]")
    ours = duckdb.connect(":memory:")
    ours.register("judged_rows", rows)
    for id, rule in rules.items():
        if rule["instead"] and id.split("-")[0] in rows.columns:
            count = ours.sql(f"SELECT count(*) FROM judged_rows WHERE {rule['instead']}").fetchone()[0]
            if count:
                findings.append(f"{id}: {count} rows break what it should ask: {rule['instead']}")
    return {"rows": len(rows), "rulesRun": len(ran), "findings": findings, "excused": excused}


def main():
    version, allowed_file, *files = sys.argv[1:]
    with open(allowed_file) as file:
        allowed = json.load(file)
    paths = [os.path.abspath(path) for path in files]
    printed, sys.stdout = sys.stdout, sys.stderr
    os.chdir(PACKAGE.parent)
    print(json.dumps([judge(path, version, allowed) for path in paths]), file=printed)


main()
