// Keys as JWKs, and the public keys that did:key and did:jwk carry in their names.
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey';
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey';
import {exportJWK, generateKeyPair} from 'jose';

const JOSE_ALGORITHMS = {Ed25519: 'Ed25519', 'P-256': 'ES256', 'P-384': 'ES384'};

export async function generateJwk(crv) {
  const algorithm = JOSE_ALGORITHMS[crv];
  if(!algorithm) {
    throw new TypeError(`crv: one of ${Object.keys(JOSE_ALGORITHMS).join(', ')} was expected.`);
  }
  const {privateKey} = await generateKeyPair(algorithm, {extractable: true});
  return exportJWK(privateKey);
}

export function publicJwk({kty, crv, x, y}) {
  return y === undefined ? {kty, crv, x} : {kty, crv, x, y};
}

export function joseAlgorithm(jwk) {
  return JOSE_ALGORITHMS[jwk.crv];
}

// The package's own key pair, with did:key as its controller.
export async function multikeyFromJwk(jwk) {
  const secretKey = jwk.d !== undefined;
  // Without key_ops the package takes an elliptic curve key for one of key agreement.
  const material = jwk.crv === 'Ed25519' ? jwk : {...jwk, key_ops: [secretKey ? 'sign' : 'verify']};
  const {publicKeyMultibase} = await suiteOf(jwk.crv).fromJwk({jwk: material, secretKey});
  const did = `did:key:${publicKeyMultibase}`;
  const id = `${did}#${publicKeyMultibase}`;
  const key = await suiteOf(jwk.crv).fromJwk({jwk: material, secretKey, id, controller: did});
  return {did, id, key};
}

// The verification method that a did:key or did:jwk URL names: {id, controller, publicKeyJwk}.
export async function resolve(id) {
  const [controller, fragment] = id.split('#');
  if(controller.startsWith('did:jwk:') && fragment === '0') {
    const text = Buffer.from(controller.slice('did:jwk:'.length), 'base64url').toString('utf8');
    return {id, controller, publicKeyJwk: publicJwk(JSON.parse(text))};
  }
  const multibase = controller.slice('did:key:'.length);
  if(controller.startsWith('did:key:') && fragment === multibase) {
    const suite = multibase.startsWith('z6Mk') ? Ed25519Multikey : EcdsaMultikey;
    const keyPair = await suite.from({id, controller, publicKeyMultibase: multibase});
    return {id, controller, publicKeyJwk: publicJwk(await suite.toJwk({keyPair}))};
  }
  throw new Error(`No verification method of did:key or did:jwk: ${id}`);
}

export function didJwk(jwk) {
  const did = `did:jwk:${Buffer.from(JSON.stringify(publicJwk(jwk))).toString('base64url')}`;
  return {did, id: `${did}#0`};
}

function suiteOf(crv) {
  return crv === 'Ed25519' ? Ed25519Multikey : EcdsaMultikey;
}
