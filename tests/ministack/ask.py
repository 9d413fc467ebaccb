"""Asks an account for what no test here has a client of: its endpoint, and as JSON [[service, operation, parameters]…].

The names are boto3's. It prints the answers, as JSON too.
"""

import json
import sys

import boto3


def ask(service, operation, parameters):
    client = boto3.client(
        service,
        endpoint_url=sys.argv[1],
        region_name="eu-west-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
    )
    return getattr(client, operation)(**parameters)


print(json.dumps([ask(*question) for question in json.loads(sys.argv[2])], default=str))
