"""A global data product by its name, for `trigger_and_check_status` (mage-format.md 10.2)."""


class GlobalDataProduct:
    def __init__(self, uuid: str, **_):
        self.uuid = uuid

    @classmethod
    def get(cls, uuid: str, **_) -> 'GlobalDataProduct':
        return cls(uuid)
