"""`check_status`, for sensors that wait for another pipeline (mage-format.md 3.5)."""

from datetime import datetime, timezone

from wand_blocks import worker_requests


def check_status(pipeline_uuid: str, execution_date: datetime, repo_path: str | None = None, block_uuid: str | None = None, hours: int = 24) -> bool:
    """Whether the latest run of the pipeline within the hours up to the date has completed, or a block of it has. Raises if it failed."""
    seen = worker_requests.ask(
        'run_in_window', pipeline=pipeline_uuid, executionDate=utc(execution_date).isoformat(), hours=hours, block=block_uuid
    )
    if seen is None:
        return False
    status = seen['blockStatus'] if block_uuid else seen['status']
    what = f'block {block_uuid} of pipeline {pipeline_uuid}' if block_uuid else f'pipeline {pipeline_uuid}'
    if status in ('failed', 'cancelled', 'upstream_failed'):
        raise Exception(f'Run {seen["id"]} of {what} is {status}.')
    return status == 'completed'


def utc(date: datetime) -> datetime:
    return date if date.tzinfo else date.replace(tzinfo=timezone.utc)
