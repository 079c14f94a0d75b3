"""emi summarize over shards on Spark: spark-submit --py-files task.py spark_summarize.py SHARDS.txt PARTS [flags of emi summarize]

SHARDS.txt has a line a task: the name of the set, a tab, the shard. Each partition of the data frame is one task, and mapInArrow hands its
row to the worker that runs emi; a task that fails is tried again as spark.task.maxFailures says. Needs: pip install pyspark pandas pyarrow,
Java, and emi on every worker (EMI=PROGRAM).
"""

import os
import sys

import pyarrow
from pyspark.sql import SparkSession

from task import read_tasks


def main(shards, parts, *flags):
    # The workers of this machine run the Python that runs this; those of a cluster the one that PYSPARK_PYTHON names.
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    session = SparkSession.builder.appName("emi-summarize").master(os.environ.get("SPARK_MASTER", "local[2]")).getOrCreate()
    session.sparkContext.addPyFile(os.path.join(os.path.dirname(os.path.abspath(__file__)), "task.py"))
    tasks = [(number, name, shard) for number, (name, shard) in enumerate(read_tasks(shards))]
    frame = session.createDataFrame(session.sparkContext.parallelize(tasks, len(tasks)), "number int, name string, shard string")

    def run(batches):
        from task import summarize

        for batch in batches:
            done = [summarize(row["number"], row["name"], row["shard"], parts, flags) for row in batch.to_pylist()]
            yield pyarrow.RecordBatch.from_arrays([pyarrow.array(done)], ["part"])

    for row in frame.mapInArrow(run, "part string").collect():
        print(row.part)
    session.stop()


if __name__ == "__main__":
    main(*sys.argv[1:])
