"""boto3's resource layer: tables, batch writers, the conditions module, paginators, waiters. boto3.test.js runs this."""

import decimal
import os
import sys
import unittest
import uuid

import boto3
from boto3.dynamodb.conditions import Attr, Key
from boto3.dynamodb.types import Binary
from botocore.exceptions import ClientError

dynamodb = boto3.resource("dynamodb", endpoint_url=os.environ["TURNTABLE_ENDPOINT"])
client = dynamodb.meta.client
D = decimal.Decimal


def schema(hash_key, range_key=None):
    keys = [{"AttributeName": hash_key, "KeyType": "HASH"}]
    return keys + ([{"AttributeName": range_key, "KeyType": "RANGE"}] if range_key else [])


def make_table():
    table = dynamodb.create_table(
        TableName=f"songs-{uuid.uuid4()}",
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "artist", "AttributeType": "S"},
            {"AttributeName": "title", "AttributeType": "S"},
            {"AttributeName": "genre", "AttributeType": "S"},
            {"AttributeName": "plays", "AttributeType": "N"},
        ],
        KeySchema=schema("artist", "title"),
        GlobalSecondaryIndexes=[
            {"IndexName": "byGenre", "KeySchema": schema("genre", "plays"), "Projection": {"ProjectionType": "ALL"}}
        ],
        LocalSecondaryIndexes=[
            {"IndexName": "byPlays", "KeySchema": schema("artist", "plays"), "Projection": {"ProjectionType": "KEYS_ONLY"}}
        ],
    )
    table.meta.client.get_waiter("table_exists").wait(TableName=table.name, WaiterConfig={"Delay": 1})
    table.reload()
    return table


def song(artist, number, **more):
    item = {"artist": artist, "title": f"song {number:02}", "genre": "rock" if number % 2 else "jazz", "plays": D(number)}
    return {**item, **more}


def key(item):
    return {"artist": item["artist"], "title": item["title"]}


def titles(items):
    return [item["title"] for item in items]


class Resource(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.table = make_table()
        with cls.table.batch_writer() as batch:
            for number in range(30):
                batch.put_item(Item=song("many", number, length=D("3.25"), tags={"a", f"t{number % 3}"}))

    @classmethod
    def tearDownClass(cls):
        cls.table.delete()
        client.get_waiter("table_not_exists").wait(TableName=cls.table.name, WaiterConfig={"Delay": 1})

    def fails(self, code, call, **arguments):
        with self.assertRaises(ClientError) as caught:
            call(**arguments)
        self.assertEqual(caught.exception.response["Error"]["Code"], code)
        return caught.exception.response

    def test_describes_a_table(self):
        self.assertEqual(self.table.table_status, "ACTIVE")
        self.assertEqual(self.table.key_schema, schema("artist", "title"))
        self.assertEqual(self.table.global_secondary_indexes[0]["IndexName"], "byGenre")
        self.assertIn(self.table.name, [table.name for table in dynamodb.tables.all()])
        self.assertRegex(self.table.table_arn, f":table/{self.table.name}$")

    def test_keeps_values_of_all_types(self):
        item = song(
            "types", 1, none=None, yes=True, tiny=D("-1.5E-100"), data=Binary(b"\x00\xff"), texts={"a", "b"}, numbers={D(1), D(2)},
            buffers={Binary(b"x")}, deep={"list": [D(1), {"a": []}], "empty": ""},
        )
        self.table.put_item(Item=item)
        self.assertEqual(self.table.get_item(Key=key(item), ConsistentRead=True)["Item"], item)

    def test_updates_under_conditions(self):
        item = song("updates", 1, tags={"a"})
        self.table.put_item(Item=item, ConditionExpression=Attr("artist").not_exists())
        self.fails("ConditionalCheckFailedException", self.table.put_item, Item=item, ConditionExpression=Attr("artist").not_exists())
        update = dict(
            Key=key(item), UpdateExpression="ADD plays :one, tags :t SET #l = :l", ExpressionAttributeNames={"#l": "length"},
            ExpressionAttributeValues={":one": 1, ":t": {"b"}, ":l": D("2.5")}, ReturnValues="ALL_NEW",
        )
        answer = self.table.update_item(**update, ConditionExpression=Attr("plays").between(0, 1) & ~Attr("tags").contains("b"))
        self.assertEqual(answer["Attributes"], {**item, "plays": 2, "tags": {"a", "b"}, "length": D("2.5")})
        condition = (Attr("plays").lt(2) | Attr("genre").is_in(["jazz", "folk"])) & Attr("tags").size().gte(1)
        failure = self.fails("ConditionalCheckFailedException", self.table.update_item, **update, ConditionExpression=condition)
        self.assertEqual(failure["Error"]["Message"], "The conditional request failed")

    def test_deletes(self):
        item = song("deletes", 1)
        self.table.put_item(Item=item)
        self.assertEqual(self.table.delete_item(Key=key(item), ReturnValues="ALL_OLD")["Attributes"], item)
        self.assertNotIn("Item", self.table.get_item(Key=key(item)))

    def test_queries_with_conditions(self):
        query = lambda condition, **more: titles(self.table.query(KeyConditionExpression=condition, **more)["Items"])
        many = Key("artist").eq("many")
        self.assertEqual(query(many & Key("title").begins_with("song 2"), Limit=2), ["song 20", "song 21"])
        self.assertEqual(query(many & Key("title").between("song 03", "song 05"), ScanIndexForward=False), ["song 05", "song 04", "song 03"])
        self.assertEqual(query(many, FilterExpression=Attr("tags").contains("t0") & Attr("plays").gt(24)), ["song 27"])
        self.assertEqual(query(Key("genre").eq("rock") & Key("plays").gte(27), IndexName="byGenre"), ["song 27", "song 29"])
        self.assertEqual(query(many & Key("plays").lt(2), IndexName="byPlays", Select="ALL_PROJECTED_ATTRIBUTES"), ["song 00", "song 01"])
        projected = self.table.query(KeyConditionExpression=many, ProjectionExpression="#t, tags", ExpressionAttributeNames={"#t": "title"}, Limit=1)
        self.assertEqual(projected["Items"], [{"title": "song 00", "tags": {"a", "t0"}}])
        self.assertEqual(self.table.query(KeyConditionExpression=many, Select="COUNT")["Count"], 30)

    def test_queries_with_the_old_parameters(self):
        answer = client.query(
            TableName=self.table.name,
            KeyConditions={"artist": {"ComparisonOperator": "EQ", "AttributeValueList": ["many"]}},
            QueryFilter={"plays": {"ComparisonOperator": "LT", "AttributeValueList": [3]}},
            AttributesToGet=["title"],
        )
        self.assertEqual(answer["Items"], [{"title": f"song 0{n}"} for n in range(3)])

    def test_scans_in_segments(self):
        found = []
        for segment in range(4):
            scan = dict(Segment=segment, TotalSegments=4, FilterExpression=Attr("artist").eq("many"), Limit=7)
            while True:
                page = self.table.scan(**scan)
                found += titles(page["Items"])
                if "LastEvaluatedKey" not in page:
                    break
                scan["ExclusiveStartKey"] = page["LastEvaluatedKey"]
        self.assertEqual(sorted(found), [f"song {n:02}" for n in range(30)])

    def test_paginates(self):
        pages = client.get_paginator("query").paginate(
            TableName=self.table.name, KeyConditionExpression=Key("artist").eq("many"), PaginationConfig={"PageSize": 8, "MaxItems": 20}
        )
        self.assertEqual([len(page["Items"]) for page in pages], [8, 8, 4])
        scanned = client.get_paginator("scan").paginate(TableName=self.table.name, PaginationConfig={"PageSize": 10}).search("Items[?artist=='many'].title")
        self.assertEqual(len(list(scanned)), 30)
        names = client.get_paginator("list_tables").paginate(PaginationConfig={"PageSize": 1}).search("TableNames")
        self.assertIn(self.table.name, list(names))

    def test_batch_writer_puts_deletes_and_drops_doubles(self):
        with self.table.batch_writer(overwrite_by_pkeys=["artist", "title"]) as batch:
            for number in range(60):
                batch.put_item(Item=song("batch", number, genre="batch"))
            batch.put_item(Item=song("batch", 59, genre="batch", again=True))
            batch.delete_item(Key=key(song("batch", 0)))
        items = self.table.query(KeyConditionExpression=Key("artist").eq("batch"))["Items"]
        self.assertEqual(len(items), 59)
        self.assertEqual(items[-1], song("batch", 59, genre="batch", again=True))

    def test_batch_get(self):
        keys = [key(song("many", number)) for number in range(5)]
        answer = dynamodb.batch_get_item(RequestItems={self.table.name: {"Keys": keys, "AttributesToGet": ["plays"]}})
        self.assertEqual(sorted(item["plays"] for item in answer["Responses"][self.table.name]), [0, 1, 2, 3, 4])

    def test_tells_errors(self):
        self.fails("ResourceNotFoundException", dynamodb.Table("no-such-table").get_item, Key={"a": "b"})
        self.fails("ValidationException", self.table.get_item, Key={"artist": "x"})
        self.fails("ResourceInUseException", client.create_table, TableName=self.table.name, KeySchema=schema("a"),
                   AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}], BillingMode="PAY_PER_REQUEST")

    def test_transacts(self):
        name, one, two = self.table.name, song("transactions", 1), song("transactions", 2)
        self.table.put_item(Item=one)

        def write(plays):
            check = {"TableName": name, "Key": key(one), "ConditionExpression": "plays = :p", "ExpressionAttributeValues": {":p": plays}}
            client.transact_write_items(TransactItems=[{"ConditionCheck": check}, {"Put": {"TableName": name, "Item": two}}])

        write(1)
        failure = self.fails("TransactionCanceledException", write, plays=7)
        self.assertEqual([reason["Code"] for reason in failure["CancellationReasons"]], ["ConditionalCheckFailed", "None"])
        got = client.transact_get_items(TransactItems=[{"Get": {"TableName": name, "Key": key(item)}} for item in (one, two)])
        self.assertEqual([response["Item"] for response in got["Responses"]], [one, two])


if __name__ == "__main__":
    unittest.main(verbosity=2, argv=sys.argv)
