"""Modules of Mage that wand does not have (yet): they import, and say so when something of them is used."""

import importlib.abc
import importlib.machinery
import sys
import types

# module -> (class, packages of PyPI that reach the same service)
CLIENTS = {
    'airtable': ('Airtable', 'pyairtable'),
    'algolia': ('Algolia', 'algoliasearch'),
    'azure_blob_storage': ('AzureBlobStorage', 'azure-storage-blob'),
    'backblaze_b2': ('BackblazeB2', 'boto3'),
    'bigquery': ('BigQuery', 'google-cloud-bigquery'),
    'chroma': ('Chroma', 'chromadb'),
    'clickhouse': ('ClickHouse', 'clickhouse-connect'),
    'druid': ('Druid', 'pydruid'),
    'duckdb': ('DuckDB', 'duckdb'),
    'google_cloud_storage': ('GoogleCloudStorage', 'google-cloud-storage'),
    'google_sheets': ('GoogleSheets', 'gspread'),
    'mongodb': ('MongoDB', 'pymongo'),
    'mssql': ('MSSQL', 'pyodbc'),
    'mysql': ('MySQL', 'mysql-connector-python'),
    'oracledb': ('OracleDB', 'oracledb'),
    'pinot': ('Pinot', 'pinotdb'),
    'qdrant': ('Qdrant', 'qdrant-client'),
    'redshift': ('Redshift', 'redshift-connector'),
    's3': ('S3', 'boto3'),
    'snowflake': ('Snowflake', 'snowflake-connector-python'),
    'spark': ('Spark', 'pyspark'),
    'trino': ('Trino', 'trino'),
    'weaviate': ('Weaviate', 'weaviate-client'),
}

# module -> names that block code imports from it
MODULES = {
    'mage_ai.data_cleaner': [],
    'mage_ai.data_cleaner.transformer_actions': [],
    'mage_ai.data_cleaner.transformer_actions.base': ['BaseAction'],
    'mage_ai.data_cleaner.transformer_actions.constants': ['ActionType', 'Axis', 'ImputationStrategy'],
    'mage_ai.data_cleaner.transformer_actions.utils': ['build_transformer_action'],
    'mage_ai.streaming': [],
    'mage_ai.streaming.sources': [],
    'mage_ai.streaming.sources.base_python': ['BasePythonSource'],
    'mage_ai.streaming.sinks': [],
    'mage_ai.streaming.sinks.base_python': ['BasePythonSink'],
}


def later(name: str, instead: str) -> NotImplementedError:
    error = NotImplementedError(f'{name} is not in wand yet. {instead}')
    error.fix = instead
    return error


def install() -> None:
    if not any(isinstance(finder, Finder) for finder in sys.meta_path):
        sys.meta_path.append(Finder())


class Finder(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Comes last, so that a module that is really there wins."""

    def find_spec(self, name, path=None, target=None):
        if name in MODULES or client_of(name):
            return importlib.machinery.ModuleSpec(name, self, is_package=name in MODULES)
        return None

    def create_module(self, spec):
        return types.ModuleType(spec.name)

    def exec_module(self, module) -> None:
        client = client_of(module.__name__)
        if client:
            kind, package = client
            setattr(module, kind, client_class(kind, package))
            return
        for name in MODULES[module.__name__]:
            setattr(module, name, stand_in(f'{module.__name__}.{name}', 'Do this in the block with pandas or a library of your own.'))


def client_of(name: str):
    return CLIENTS.get(name.removeprefix('mage_ai.io.')) if name.startswith('mage_ai.io.') else None


def client_class(kind: str, package: str) -> type:
    instead = f'Add {package} to requirements.txt of the project, run: wand python setup, and use that package in the block.'
    return stand_in(kind, instead)


def stand_in(name: str, instead: str) -> type:
    """A class that can be subclassed and named, and raises as soon as it is used."""

    def refuse(*args, **kwargs):
        raise later(name, instead)

    members = {'__new__': refuse, 'with_config': staticmethod(refuse), '__module__': 'mage_ai'}
    return type(Refusing)(name.rsplit('.', 1)[-1], (Refusing,), {**members, '_refuse': staticmethod(refuse)})


class _RefusingType(type):
    def __getattr__(cls, name: str):
        if name.startswith('_'):
            raise AttributeError(name)
        return cls._refuse()


class Refusing(metaclass=_RefusingType):
    _refuse = staticmethod(lambda: None)
