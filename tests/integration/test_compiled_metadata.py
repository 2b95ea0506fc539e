"""What is compiled for Salesforce, read by the schema that its vendor publishes for metadata."""

from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from formula_examples import EXAMPLES, example

from syncd.compile.salesforce import metadata_files

pytestmark = pytest.mark.slow
# Neither ships types that mypy knows.
zeep: Any = import_module("zeep")
etree: Any = import_module("lxml.etree")


@pytest.fixture(scope="module")
def schema() -> Any:
    wsdl = Path(str(import_module("simple_salesforce").__file__)).with_name("metadata.wsdl")
    return zeep.Client(str(wsdl))


@pytest.mark.parametrize("config", EXAMPLES, ids=lambda x: x.parent.name)
def test_the_schema_takes_every_file(schema: Any, config: Path) -> None:
    found = example(config)
    files = metadata_files(found.guards, found.source.standard, api_version="62.0")
    read = 0

    for path, text in files.items():
        if path.endswith(".xml"):
            root = etree.fromstring(text.encode(), etree.XMLParser(remove_comments=True))
            kind = schema.get_type(root.tag)
            assert zeep.xsd.Element(root.tag, kind).parse(root, schema.wsdl.types) is not None
            read += 1

    assert read == len(found.guards) + 3


def test_the_schema_refuses_what_it_does_not_know(schema: Any) -> None:
    found = example(EXAMPLES[0])
    files = metadata_files(found.guards, found.source.standard, api_version="62.0")
    text = next(x for path, x in files.items() if "validationRules" in path)
    root = etree.fromstring(text.replace("errorMessage", "validationMessage").encode())

    with pytest.raises(zeep.exceptions.XMLParseError):
        zeep.xsd.Element(root.tag, schema.get_type(root.tag)).parse(root, schema.wsdl.types)
