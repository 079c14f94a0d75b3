"""emi summarize over shards on Dask: python dask_summarize.py SHARDS.txt PARTS [flags of emi summarize, such as --fit q.safetensors]

SHARDS.txt has a line a task: the name of the set, a tab, the shard. DASK_SCHEDULER=tcp://host:8786 takes a running cluster; without it,
two workers of this machine. A task that fails is tried twice more. Needs: pip install distributed, and emi on every worker (EMI=PROGRAM).
"""

import os
import sys

from dask.distributed import Client, LocalCluster, as_completed

from task import read_tasks, summarize


def main(shards, parts, *flags):
    address = os.environ.get("DASK_SCHEDULER")
    cluster = None if address else LocalCluster(n_workers=2, threads_per_worker=1, host="127.0.0.1", dashboard_address=None)
    with Client(address or cluster) as client:
        client.upload_file(os.path.join(os.path.dirname(os.path.abspath(__file__)), "task.py"))
        tasks = [
            client.submit(summarize, number, name, shard, parts, flags, retries=2, pure=False)
            for number, (name, shard) in enumerate(read_tasks(shards))
        ]
        for done in as_completed(tasks):
            print(done.result())
    if cluster:
        cluster.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
