# SD-JWT with the Python package sd-jwt. It has sha-256 alone, and key binding with ES256 alone. The key is the caller's.
# For COSE see cose.py, for did:peer did_peer.py.
#
# A line of JSON in, a line of JSON out: {command, input} -> {answer} or, where it was called wrongly, {fault}
#
# issue:   {claims, frame, key, alg, header, holder?, decoys?} -> {text}
# present: {text, frame, key?, alg?, audience?, nonce?} -> {text}
# verify:  {text, key, audience?, nonce?} -> {verified: true, payload} or {verified: false, error}
#
# A frame names what can be hidden, or what is shown: {inside: {name or position: frame}, chosen: boolean}.
import json
import sys
import traceback

import cose
import did_peer
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
from sd_jwt.verifier import SDJWTVerifier


def issue(claims, frame, key, alg, header, holder=None, decoys=False):
    issuer = SDJWTIssuer(
        concealed(claims, frame),
        key_of(key),
        holder_key=holder and key_of(holder),
        sign_alg=alg,
        add_decoy_claims=decoys,
        extra_header_parameters=header,
    )
    return {"text": issuer.sd_jwt_issuance}


def present(text, frame, key=None, alg=None, audience=None, nonce=None):
    holder = SDJWTHolder(text)
    holder.create_presentation(chosen(frame), nonce, audience, key and key_of(key), sign_alg=alg)
    return {"text": holder.sd_jwt_presentation}


def verify(text, key, audience=None, nonce=None):
    # The package raises whatever its parts raise, so that any exception is its refusal.
    try:
        verifier = SDJWTVerifier(text, lambda issuer, header: key_of(key), audience, nonce)
        return {"verified": True, "payload": verifier.get_verified_payload()}
    except Exception as error:
        return {"verified": False, "error": repr(error)}


def key_of(jwk):
    return JWK.from_json(json.dumps(jwk))


def concealed(value, frame):
    inside = frame["inside"]
    if isinstance(value, dict):
        return {
            SDObj(name) if inside.get(name, {}).get("chosen") else name: deeper(member, inside.get(name))
            for name, member in value.items()
        }
    items = []
    for position, item in enumerate(value):
        below = inside.get(str(position))
        item = deeper(item, below)
        items.append(SDObj(item) if below and below["chosen"] else item)
    return items


def deeper(value, frame):
    return concealed(value, frame) if frame and frame["inside"] else value


def chosen(frame):
    inside = frame["inside"]
    if not inside:
        return True
    if frame["is_list"]:
        named = {int(position): chosen(below) for position, below in inside.items()}
        return [named.get(position) for position in range(max(named) + 1)]
    return {name: chosen(below) for name, below in inside.items()}


COMMANDS = {"issue": issue, "present": present, "verify": verify, **cose.COMMANDS, **did_peer.COMMANDS}

for line in sys.stdin:
    try:
        question = json.loads(line)
        reply = {"answer": COMMANDS[question["command"]](**question["input"])}
    except Exception:
        reply = {"fault": traceback.format_exc()}
    print(json.dumps(reply), flush=True)
