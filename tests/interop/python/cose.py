# COSE_Sign1 with the Python package cwt, and CBOR with cbor2. Bytes stand as base64url.
#
# cose_sign:   {payload, key, alg, header, unprotected?} -> {message}; payload is a text, a header a value as below
# cose_verify: {message, key, kid} -> {verified: true, header, payload} or {verified: false, error}; the header's labels are
#              texts, and bytes in it are read as UTF-8
# cbor_write:  {values} -> {encodings}
# cbor_read:   {encodings} -> {readable: [boolean]}
#
# A value: {"integer": "-1"}, {"bytes": ""}, {"text": ""}, {"array": [value]}, {"map": [[value, value]]},
# {"tag": ["1", value]}, {"simple": true | false | null}
import base64

import cbor2
from cwt import COSE, COSEKey

ALGORITHMS = {-19: "Ed25519", -8: "EdDSA", -9: "ESP256", -7: "ES256", -51: "ESP384", -35: "ES384"}


def cose_sign(payload, key, alg, header, unprotected=None):
    by = COSEKey.from_jwk({**key, "alg": ALGORITHMS[alg], "use": "sig"})
    message = COSE.new().encode_and_sign(
        payload.encode(), by, protected=built(header), unprotected=built(unprotected) if unprotected else {}
    )
    return {"message": text_of(message)}


def cose_verify(message, key, kid):
    # The package raises whatever its parts raise, so that any exception is its refusal.
    try:
        data = bytes_of(message)
        protected = cbor2.loads(cbor2.loads(data).value[0])
        by = COSEKey.from_jwk({**key, "alg": ALGORITHMS[protected[1]], "use": "sig", "kid": kid})
        protected, _, payload = COSE.new(verify_kid=True).decode_with_headers(data, by)
        return {"verified": True, "header": shown(protected), "payload": payload.decode()}
    except Exception as error:
        return {"verified": False, "error": repr(error)}


def cbor_write(values):
    return {"encodings": [text_of(cbor2.dumps(built(value))) for value in values]}


def cbor_read(encodings):
    return {"readable": [is_readable(bytes_of(encoding)) for encoding in encodings]}


def is_readable(data):
    try:
        cbor2.loads(data)
        return True
    except Exception:
        return False


def built(value):
    ((kind, content),) = value.items()
    if kind == "integer":
        return int(content)
    if kind == "bytes":
        return bytes_of(content)
    if kind == "array":
        return [built(item) for item in content]
    if kind == "map":
        # The package's own order is that of RFC 7049, in which shorter keys come first. RFC 8949 has this one.
        entries = [(built(key), built(member)) for key, member in content]
        return dict(sorted(entries, key=lambda entry: cbor2.dumps(entry[0])))
    if kind == "tag":
        return cbor2.CBORTag(int(content[0]), built(content[1]))
    return content


def shown(value):
    if isinstance(value, dict):
        return {str(key): shown(member) for key, member in value.items()}
    return value.decode() if isinstance(value, bytes) else value


def text_of(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def bytes_of(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


COMMANDS = {"cose_sign": cose_sign, "cose_verify": cose_verify, "cbor_write": cbor_write, "cbor_read": cbor_read}
