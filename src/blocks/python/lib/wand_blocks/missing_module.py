"""What to install when an import fails."""

# Modules whose package on PyPI has another name; everything else is taken to be its own package.
PACKAGES = {
    'bs4': 'beautifulsoup4',
    'cv2': 'opencv-python',
    'dateutil': 'python-dateutil',
    'dotenv': 'python-dotenv',
    'google.cloud.bigquery': 'google-cloud-bigquery',
    'google.cloud.storage': 'google-cloud-storage',
    'jose': 'python-jose',
    'jwt': 'PyJWT',
    'MySQLdb': 'mysqlclient',
    'PIL': 'pillow',
    'psycopg2': 'psycopg2-binary',
    'serial': 'pyserial',
    'skimage': 'scikit-image',
    'sklearn': 'scikit-learn',
    'snowflake': 'snowflake-connector-python',
    'yaml': 'pyyaml',
}


def fix(error: BaseException) -> str | None:
    if not isinstance(error, ModuleNotFoundError) or not error.name:
        return None
    if error.name.split('.')[0] == 'mage_ai':
        return 'wand brings the part of mage_ai that block code imports; this module is not in it. Use a library of your own for what it did.'
    package = PACKAGES.get(error.name) or PACKAGES.get(error.name.split('.')[0]) or error.name.split('.')[0]
    return f'Add {package} to requirements.txt of the project and run: wand python setup'
