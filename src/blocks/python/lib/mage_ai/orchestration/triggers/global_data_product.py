"""`trigger_and_check_status`: a block that wants a global data product up to date (mage-format.md 5.1, 10.2)."""

from mage_ai.orchestration.db.models.schedules import PipelineRun
from wand_blocks import worker_requests


def trigger_and_check_status(global_data_product, *_, **__) -> PipelineRun:
    """Waits until the product (or the one of that name) has a completed run that is not outdated, started if there is none; raises if that fails."""
    uuid = getattr(global_data_product, 'uuid', global_data_product)
    with worker_requests.waiting():
        return PipelineRun.of_answer(worker_requests.ask('data_product', product=str(uuid)))
