# did:peer with the Python packages did-peer-2 and did-peer-4, by the editors of the method.
#
# peer_2_create:  {keys: [[relationship, multikey]], services} -> {did} or {refused}
# peer_2_resolve: {did} -> {document} or {refused}
# peer_4_create:  {document} -> {did, short} or {refused}
# peer_4_resolve: {did} -> {document, short, shortDocument} or {refused}
import did_peer_2
import did_peer_4


# The packages raise whatever their parts raise, so that any exception is a refusal.
def refusing(command):
    def answer(**question):
        try:
            return command(**question)
        except Exception as error:
            return {"refused": repr(error)}

    return answer


@refusing
def create_2(keys, services):
    purposes = {code.verification_relationship: code for code in did_peer_2.PurposeCode.key_purposes()}
    specifications = [did_peer_2.KeySpec(purposes[relationship], key) for relationship, key in keys]
    return {"did": did_peer_2.generate(specifications, services)}


@refusing
def resolve_2(did):
    return {"document": did_peer_2.resolve(did)}


@refusing
def create_4(document):
    return {"did": did_peer_4.encode(document), "short": did_peer_4.encode_short(document)}


@refusing
def resolve_4(did):
    return {
        "document": did_peer_4.resolve(did),
        "short": did_peer_4.long_to_short(did),
        "shortDocument": did_peer_4.resolve_short(did),
    }


COMMANDS = {
    "peer_2_create": create_2,
    "peer_2_resolve": resolve_2,
    "peer_4_create": create_4,
    "peer_4_resolve": resolve_4,
}
