"""`trigger_pipeline`: a block that starts a run of another pipeline (mage-format.md 5.1)."""

import time

from mage_ai.orchestration.db.models.schedules import PipelineRun
from wand_blocks import streams, worker_requests

UNDER_WAY = ('initial', 'running')


def trigger_pipeline(
    pipeline_uuid: str,
    variables: dict | None = None,
    check_status: bool = False,
    error_on_failure: bool = False,
    poll_interval: float = 60,
    poll_timeout: float | None = None,
    schedule_name: str | None = None,
    verbose: bool = True,
    **_,
) -> PipelineRun:
    """Starts a run. With `check_status` it waits for its end (without a place of the worker); the end is noticed at once, not at a poll."""
    run = PipelineRun.of_answer(worker_requests.ask('start_run', pipeline=pipeline_uuid, variables=variables or {}, name=schedule_name))
    if check_status:
        with worker_requests.waiting():
            wait_for_end(run, poll_interval, poll_timeout, verbose)
        if error_on_failure and run.status.value != 'completed':
            raise Exception(f'Pipeline run {run.id} for pipeline {pipeline_uuid}: {run.status.value}.')
    return run


def wait_for_end(run: PipelineRun, poll_interval: float, poll_timeout: float | None, verbose: bool) -> None:
    started = time.monotonic()
    told = None
    while True:
        now = time.monotonic()
        over = run.refresh().status.value not in UNDER_WAY
        if verbose and (over or told is None or now - told >= poll_interval):
            told = now
            print(f'Pipeline run {run.id} for pipeline {run.pipeline_uuid}: {run.status.value}.')
            streams.flush()
        if over:
            return
        if poll_timeout and now - started > poll_timeout:
            raise Exception(f'Pipeline run {run.id} for pipeline {run.pipeline_uuid} is still {run.status.value} after {poll_timeout} seconds.')
        time.sleep(max(0.05, min(0.25, poll_interval)))
