"""Prints infra/stack.yaml as JSON, and of each resource's type the properties whose change replaces the resource.

Both from cfn-lint, which reads CloudFormation's YAML and carries the schemas that CloudFormation itself publishes.
"""

import json
import sys

from cfnlint import decode
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER

template, mistakes = decode.decode(sys.argv[1])
if mistakes:
    sys.exit("\n".join(map(str, mistakes)))


def create_only(kind):
    schema = PROVIDER_SCHEMA_MANAGER.get_resource_schema("us-east-1", kind).schema
    return [path.removeprefix("/properties/") for path in schema.get("createOnlyProperties", [])]


kinds = sorted({resource["Type"] for resource in template["Resources"].values()})
print(json.dumps({"template": template, "createOnly": {kind: create_only(kind) for kind in kinds}}))
