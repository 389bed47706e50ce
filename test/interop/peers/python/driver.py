"""The Python peers: PyJWT over `cryptography`, its own way, or over the package `ecdsa`.

Usage: driver.py cryptography|ecdsa version | mint FOLDER... | verify FOLDER... (see docs/interop.md).
"""

import hashlib
import importlib.metadata
import json
import pathlib
import sys

import jwt


class Secp256k1(jwt.algorithms.Algorithm):
    """ECDSA on secp256k1 over SHA-256 by the package `ecdsa`, with a random nonce and S as it comes."""

    def prepare_key(self, key):
        from ecdsa import SigningKey, VerifyingKey

        reader = SigningKey if "PRIVATE KEY" in key else VerifyingKey
        return reader.from_pem(key)

    def sign(self, msg, key):
        from ecdsa.util import sigencode_string

        return key.sign(msg, hashfunc=hashlib.sha256, sigencode=sigencode_string)

    def verify(self, msg, key, sig):
        from ecdsa import BadSignatureError
        from ecdsa.util import sigdecode_string

        try:
            return key.verify(sig, msg, hashfunc=hashlib.sha256, sigdecode=sigdecode_string)
        except BadSignatureError:
            return False

    @staticmethod
    def to_jwk(key_obj, as_dict=False):
        raise NotImplementedError

    @staticmethod
    def from_jwk(jwk):
        raise NotImplementedError


def mint(folder):
    key = (folder / "private.pem").read_text()
    algorithm = (folder / "algorithm").read_text()
    lines = read_lines(folder / "claims.jsonl")
    tokens = [jwt.encode(json.loads(line), key, algorithm=algorithm) for line in lines]
    write_lines(folder / "tokens", tokens)


def verify(folder):
    key = (folder / "public.pem").read_text()
    algorithm = (folder / "algorithm").read_text()
    audience = (folder / "audience").read_text() or None
    answers = []
    for token in read_lines(folder / "tokens"):
        try:
            jwt.decode(token, key, algorithms=[algorithm], audience=audience)
            answers.append("true")
        except Exception as error:  # what a library raises for a bad token is its own affair
            answers.append(f"false {type(error).__name__}: {error}".replace("\n", " "))
    write_lines(folder / "accepted", answers)


def read_lines(path):
    # splitlines would take U+2028 inside a claim for the end of a line.
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def write_lines(path, lines):
    path.write_text("".join(f"{line}\n" for line in lines))


def main(backend, verb, *folders):
    if verb == "version":
        print(f"{jwt.__version__}, {backend} {importlib.metadata.version(backend)}")
        return
    if backend == "ecdsa":
        for name in ("ES256", "ES256K"):
            if name in jwt.api_jws._jws_global_obj.get_algorithms():
                jwt.unregister_algorithm(name)
            jwt.register_algorithm(name, Secp256k1())
    for folder in folders:
        {"mint": mint, "verify": verify}[verb](pathlib.Path(folder))


main(*sys.argv[1:])
