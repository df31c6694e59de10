"""A run as block code sees it: `kwargs['pipeline_run']`, and what `trigger_pipeline` gives."""

import enum
from datetime import datetime

from wand_blocks import worker_requests


class PipelineRunStatus(str, enum.Enum):
    INITIAL = 'initial'
    RUNNING = 'running'
    COMPLETED = 'completed'
    FAILED = 'failed'
    CANCELLED = 'cancelled'


class PipelineRun:
    PipelineRunStatus = PipelineRunStatus

    def __init__(self, id: int, pipeline_uuid: str, status: str, execution_date, variables: dict, trigger_name: str):
        self.id = id
        self.pipeline_uuid = pipeline_uuid
        self.status = PipelineRunStatus(status)
        self.execution_date = execution_date
        self.variables = variables
        self.event_variables: dict = {}
        self.pipeline_schedule_name = trigger_name

    @classmethod
    def of_task(cls, task: dict, variables: dict) -> 'PipelineRun':
        """The run of a block; `refresh` tells how it stands."""
        date = variables.get('execution_date')
        return cls(int(task['runId']), task['pipelineUuid'], 'running', date, variables, variables.get('trigger_name'))

    @classmethod
    def of_answer(cls, seen: dict) -> 'PipelineRun':
        date = datetime.fromisoformat(seen['executionDate'].replace('Z', '+00:00'))
        return cls(int(seen['id']), seen['pipeline'], seen['status'], date, seen['variables'], seen['trigger'])

    def refresh(self) -> 'PipelineRun':
        self.status = PipelineRunStatus(worker_requests.ask('run', run=str(self.id))['status'])
        return self

    def __repr__(self) -> str:
        return f'PipelineRun(id={self.id}, pipeline={self.pipeline_uuid}, status={self.status.value})'
