"""Writes, reads and queries a favourite as a Python program does; prints what it was given, as JSON."""

import json
import sys

import boto3
from boto3.dynamodb.conditions import Key

endpoint, user, track = sys.argv[1:]
table = boto3.resource("dynamodb", endpoint_url=endpoint).Table("FavouriteTable")

table.put_item(Item={"userId": user, "trackId": track, "by": "boto3"})
print(
    json.dumps(
        {
            "boto3": boto3.__version__,
            "read": table.get_item(Key={"userId": user, "trackId": track})["Item"],
            "queried": [
                item["trackId"]
                for item in table.query(KeyConditionExpression=Key("userId").eq(user))["Items"]
            ],
        }
    )
)
