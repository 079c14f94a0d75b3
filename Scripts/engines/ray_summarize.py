"""emi summarize over shards on Ray: python ray_summarize.py SHARDS.txt PARTS [flags of emi summarize, such as --fit q.safetensors]

SHARDS.txt has a line a task: the name of the set, a tab, the shard. RAY_ADDRESS takes a running cluster; without it, this machine. A task
that fails is tried twice more. Needs: pip install ray, and emi on every node (EMI=PROGRAM).
"""

import os
import sys

import ray

from task import read_tasks, summarize


def main(shards, parts, *flags):
    here = os.path.dirname(os.path.abspath(__file__))
    variables = {"EMI": os.environ["EMI"]} if "EMI" in os.environ else {}
    ray.init(runtime_env={"working_dir": here, "env_vars": variables}, include_dashboard=False, log_to_driver=False)
    remote = ray.remote(num_cpus=1, max_retries=2, retry_exceptions=True)(summarize)
    open_tasks = [remote.remote(number, name, shard, parts, flags) for number, (name, shard) in enumerate(read_tasks(shards))]
    while open_tasks:
        done, open_tasks = ray.wait(open_tasks)
        print(ray.get(done[0]))
    ray.shutdown()


if __name__ == "__main__":
    main(*sys.argv[1:])
