"""A plugin of pytest (-p tests.support.first_cases): of a test with parameters, only the first of them.
So each test runs once where all cases take too long, and one that is new takes part without a list."""


def pytest_collection_modifyitems(config, items):
    first = {item.nodeid.split("[")[0]: item for item in reversed(items)}
    config.hook.pytest_deselected(items=[item for item in items if item not in first.values()])
    items[:] = [item for item in items if item in first.values()]
