#!/usr/bin/python3
"""Writes vectors.txt: requests with every stage of their signature, as botocore (Debian's python3-botocore) computes them.

The first ones are those of AWS's published test suite; their signatures are written down here too, and botocore must
arrive at the same. Run it again after a change; it gives the same file each time.
"""

import datetime
import hashlib
import random
import sys
from pathlib import Path

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY_ID = "AKIDEXAMPLE"
SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
TIME = "20150830T123600Z"
HOST = "example.amazonaws.com"

# name, method, target, headers, body, published signature
SUITE = [
    ("get-vanilla", "GET", "/", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-unreserved", "GET", "/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", [], "",
     "07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f"),
    ("get-utf8", "GET", "/\u1234", [], "", "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("get-vanilla-query-order-key-case", "GET", "/?Param2=value2&Param1=value1", [], "",
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-query-unreserved", "GET",
     "/?-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz="
     "-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", [], "",
     "9c3e54bfcdf0b19771a7f523ee5669cdf59bc7cc0884027167c21bb143a40197"),
    ("get-header-key-duplicate", "GET", "/", [("My-Header1", "value2"), ("My-Header1", "value2"), ("My-Header1", "value1")],
     "", "c9d5ea9f3f72853aea855b47ea873832890dbdd183b4468f858259531a5138ea"),
    ("get-header-value-order", "GET", "/",
     [("My-Header1", "value4"), ("My-Header1", "value1"), ("My-Header1", "value3"), ("My-Header1", "value2")], "",
     "08c7e5a9acfcfeb3ab6b2185e75ce8b1deb5e634ec47601a50643f830c755c01"),
    ("get-header-value-trim", "GET", "/", [("My-Header1", " value1"), ("My-Header2", ' "a   b   c"')], "",
     "acc3ed3afb60bb290fc8d2dd0098b9911fcaa05412b367055dee359757a9c736"),
    ("get-relative", "GET", "/example/..", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-relative-relative", "GET", "/example1/example2/../..", [], "",
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash", "GET", "//", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-dot-slash", "GET", "/./", [], "", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-slash-pointless-dot", "GET", "/./example", [], "",
     "ef75d96142cf21edca26f06005da7988e4f8dc83a165a80865db7089db637ec5"),
    ("get-slashes", "GET", "//example//", [], "", "9a624bd73a37c9a373b5312afbebe7a714a789de108f0bdfe846570885f57e84"),
    ("get-space", "GET", "/example space/", [], "", "652487583200325589f1fba4c7e578f72c47cb61beeca81406b39ddec1366741"),
    ("post-vanilla", "POST", "/", [], "", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-vanilla-query", "POST", "/?Param1=value1", [], "",
     "28038455d6de14eafc1f9222cf5aa6f1a96197d7deb8263271d420d138af7f11"),
    ("post-header-key-sort", "POST", "/", [("My-Header1", "value1")], "",
     "c5410059b04c1ee005303aed430f6e6645f61f4dc9e1461ec8f8916fdf18852c"),
    ("post-header-value-case", "POST", "/", [("My-Header1", "VALUE1")], "",
     "cdbc9802e29d2942e5e10b5bccfdd67c5f22c7c4e8ae67b53629efa58b974b7d"),
    ("post-x-www-form-urlencoded", "POST", "/", [("Content-Type", "application/x-www-form-urlencoded")], "Param1=value1",
     "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
]


class Vector:
    """One request on its way through the stages."""

    def __init__(self, name, method, target, headers, body, *, region="us-east-1", service="service", secret=SECRET,
                 key_id=KEY_ID, time=TIME, secure=False, token=None, presigned=None):
        self.name, self.method, self.target = name, method, target
        self.body, self.secure, self.service, self.region, self.secret = body.encode(), secure, service, region, secret
        scheme = "https" if secure else "http"
        auth_class = SigV4QueryAuth if presigned else SigV4Auth
        extra = {"expires": presigned} if presigned else {}
        self.auth = auth_class(Credentials(key_id, secret, token), service, region, **extra)
        self.request = AWSRequest(method, f"{scheme}://{HOST}{target}", data=self.body)
        self.request.context["timestamp"] = time
        self.sent = [("Host", HOST)]
        if not presigned:
            self.sent.append(("X-Amz-Date", time))
        if token and not presigned:
            self.sent.append(("X-Amz-Security-Token", token))
        self.sent += headers
        for key, value in self.sent:
            self.request.headers.add_header(key, value)
        if presigned:
            self._presign()
        else:
            self.canonical = self.auth.canonical_request(self.request)
            self.to_sign = self.auth.string_to_sign(self.request, self.canonical)
            self.signature = self.auth.signature(self.to_sign, self.request)
            signed = self.auth.signed_headers(self.auth.headers_to_sign(self.request))
            self.sent.append(("Authorization", f"AWS4-HMAC-SHA256 Credential={self.auth.scope(self.request)}, "
                                               f"SignedHeaders={signed}, Signature={self.signature}"))

    def _presign(self):
        self.auth._modify_request_before_signing(self.request)
        self.canonical = self.auth.canonical_request(self.request)
        self.to_sign = self.auth.string_to_sign(self.request, self.canonical)
        self.signature = self.auth.signature(self.to_sign, self.request)
        self.auth._inject_signature_to_request(self.request, self.signature)
        self.target = self.request.url.split(HOST, 1)[1]
        self.body = (self.request.body or "").encode()  # botocore has moved a body's members into the query

    def write(self, out):
        out.write(f"=== {self.name}\n")
        out.write(f"secret {self.secret}\nregion {self.region}\nservice {self.service}\n")
        out.write(f"secure {'yes' if self.secure else 'no'}\n")
        out.write(f"--- request\n{self.method} {self.target}\n")
        for key, value in self.sent:
            out.write(f"{key}:{value}\n")
        out.write(f"\n{self.body.decode()}\n")
        out.write(f"--- canonical\n{self.canonical}\n")
        out.write(f"--- string to sign\n{self.to_sign}\n")
        out.write(f"--- signature\n{self.signature}\n")


def suite():
    for name, method, target, headers, body, published in SUITE:
        vector = Vector(name, method, target, headers, body)
        if vector.signature != published:
            sys.exit(f"{name}: botocore computes {vector.signature}, AWS published {published}")
        yield vector


def ours():
    """What DynamoDB's clients send, and what tempts a verifier into mistakes."""
    json = [("Content-Type", "application/x-amz-json-1.0"), ("X-Amz-Target", "DynamoDB_20120810.PutItem")]
    dynamodb = {"service": "dynamodb"}
    body = '{"TableName":"Music","Item":{"Artist":{"S":"Zo\u00eb"},"Song":{"S":"\u266b"}}}'
    yield Vector("dynamodb-put", "POST", "/", json, body, **dynamodb)
    yield Vector("dynamodb-region", "POST", "/", json, body, region="eu-central-2", **dynamodb)
    yield Vector("dynamodb-long-secret", "POST", "/", json, body, secret="s" * 100, **dynamodb)
    yield Vector("dynamodb-token", "POST", "/", json, body, token="FwoGZXIvYXdzEBYaDEXAMPLE//token==", **dynamodb)
    yield Vector("unsigned-payload-over-tls", "POST", "/", json + [("X-Amz-Content-SHA256", "UNSIGNED-PAYLOAD")], body,
                 secure=True, **dynamodb)
    yield Vector("content-hash-header", "POST", "/",
                 json + [("X-Amz-Content-SHA256", hashlib.sha256(body.encode()).hexdigest())], body, **dynamodb)
    yield Vector("escaped-path", "POST", "/a%20b/%2F/%e2%99%ab", json, body, **dynamodb)
    yield Vector("path-above-the-root", "POST", "/../../x/..//y/.", json, body, **dynamodb)
    yield Vector("header-spaces", "POST", "/", json + [("X-Spaces", "  a \t  b  "), ("X-Empty", "")], body, **dynamodb)
    yield Vector("header-case", "POST", "/", json + [("x-AMZ-zZ", "MiXed")], body, **dynamodb)
    yield Vector("query-empty-values", "GET", "/?b&a=&c=1&a=0", [], "", **dynamodb)
    yield Vector("query-escapes", "GET", "/?q=%E2%99%AB%20%2B&A%2FB=%25", [], "", **dynamodb)
    yield Vector("presigned", "GET", "/", [], "", presigned=300, **dynamodb)
    yield Vector("presigned-post", "POST", "/", json, body, presigned=60, **dynamodb)
    yield Vector("presigned-query", "GET", "/path?z=1&Y=2", [], "", presigned=604800, **dynamodb)
    yield Vector("presigned-token", "GET", "/", [], "", presigned=300, token="tok/en+==", **dynamodb)

    dice = random.Random(4)
    letters = "ABCxyz019-._~"
    for i in range(40):
        def word(lo, hi):
            return "".join(dice.choice(letters) for _ in range(dice.randint(lo, hi)))
        path = "/" + "/".join(dice.choice(["", ".", "..", "%2e", "a%20b", word(1, 5)]) for _ in range(dice.randint(0, 5)))
        query = "&".join(f"{word(1, 4)}={dice.choice(['', '%20', '%7E'[:0], word(0, 6)])}" for _ in range(dice.randint(0, 4)))
        headers = [(f"X-{dice.choice('abAB')}{dice.randint(0, 3)}", dice.choice(["", " ", "a  b", word(1, 9)]))
                   for _ in range(dice.randint(0, 6))]
        yield Vector(f"random-{i}", dice.choice(["GET", "POST"]), path + ("?" + query if query else ""), headers,
                     word(0, 40), secret=word(1, 90), time=f"20{dice.randint(10, 37)}0{dice.randint(1, 9)}2{dice.randint(0, 8)}"
                     f"T1{dice.randint(0, 9)}3{dice.randint(0, 9)}5{dice.randint(0, 9)}Z")


def main():
    with open(Path(__file__).with_name("vectors.txt"), "w", encoding="utf-8", newline="\n") as out:
        out.write("# Written by generate.py. For each request: what stands for it, what is signed, and the signature.\n")
        for vector in [*suite(), *ours()]:
            vector.write(out)


main()
