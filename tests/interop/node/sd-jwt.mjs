// SD-JWT with the packages @sd-jwt/core and, for dc+sd-jwt, @sd-jwt/sd-jwt-vc. The key is the caller's.
//
// issue:   {claims, frame, key, alg, header, holder?, decoys?, hash} -> {text}
// present: {text, frame, key?, alg?, audience?, nonce?, issuedAt?} -> {text}
// verify:  {text, key, alg, audience?, nonce?} -> {verified: true, payload} or {verified: false, error}
// to_json, from_json: {text | json, general} -> {json} or {text}
//
// A frame names what can be hidden, or what is shown: {inside: {name or position: frame}, chosen: boolean}.
import {digest, generateSalt, getSigner, getVerifier} from '@sd-jwt/crypto-nodejs';
import {FlattenJSON, GeneralJSON, SDJwtInstance} from '@sd-jwt/core';
import {decodeProtectedHeader} from 'jose';
import {main} from './io.mjs';
import {publicJwk} from './keys.mjs';
import {SDJwtVcInstance} from '@sd-jwt/sd-jwt-vc';

// What the packages' own names for algorithms stand for; these leave out Ed25519, which their functions can do.
const ECDSA = (curve, hash) => [{name: 'ECDSA', namedCurve: curve}, {name: 'ECDSA', hash}];
export const PARAMETERS = {
  Ed25519: [{name: 'Ed25519'}, {name: 'Ed25519'}],
  'P-256': ECDSA('P-256', 'SHA-256'),
  'P-384': ECDSA('P-384', 'SHA-384'),
  'P-521': ECDSA('P-521', 'SHA-512')
};
const ALGORITHMS = {Ed25519: ['Ed25519', 'EdDSA'], 'P-256': ['ES256'], 'P-384': ['ES384'], 'P-521': ['ES512']};

export async function issue({claims, frame, key, alg, header, holder, decoys, hash}) {
  const instance = instanceOf(header.typ, {
    hasher: digest, hashAlg: hash, saltGenerator: generateSalt, signer: await signer(key), signAlg: alg
  });
  const payload = holder ? {...claims, cnf: {jwk: publicJwk(holder)}} : claims;
  return {text: await instance.issue(payload, concealing(frame, decoys), {header})};
}

export async function present({text, frame, key, alg, audience, nonce, issuedAt}) {
  const kb = key && {payload: {aud: audience, nonce, iat: issuedAt}};
  const instance = new SDJwtInstance({hasher: digest, kbSigner: key && await signer(key), kbSignAlg: alg});
  return {text: await instance.present(text, showing(frame), kb && {kb})};
}

// The packages leave to the relying party whether the header's `alg` is the key's, and whom the answer is for.
export async function verify({text, key, audience, nonce}) {
  try {
    const {typ} = algorithmFits(text.split('~')[0], key);
    const instance = instanceOf(typ, {
      hasher: digest, verifier: await verifier(key), kbVerifier: async (data, signature, {cnf}) => {
        algorithmFits(`${data}.${signature}`, cnf.jwk);
        return (await verifier(cnf.jwk))(data, signature);
      }
    });
    const {payload, kb} = await instance.verify(text, {keyBindingNonce: nonce});
    if(audience !== undefined && kb.payload.aud !== audience) {
      throw new Error('aud is not as expected');
    }
    return {verified: true, payload};
  } catch(error) {
    return {verified: false, error: String(error)};
  }
}

export function to_json({text, general}) {
  const form = general ? GeneralJSON : FlattenJSON;
  return {json: form.fromEncode(text).toJson()};
}

export function from_json({json, general}) {
  return {text: general ? GeneralJSON.fromSerialized(json).toEncoded(0) : FlattenJSON.fromSerialized(json).toEncoded()};
}

function instanceOf(typ, config) {
  return typ === 'dc+sd-jwt' ? new SDJwtVcInstance(config) : new SDJwtInstance(config);
}

function algorithmFits(token, key) {
  const header = decodeProtectedHeader(token);
  if(!ALGORITHMS[key.crv]?.includes(header.alg)) {
    throw new Error('alg is not the key\'s');
  }
  return header;
}

const signer = key => getSigner(key, ...PARAMETERS[key.crv]);
const verifier = key => getVerifier(publicJwk(key), ...PARAMETERS[key.crv]);

function concealing(frame, decoys) {
  const entries = Object.entries(frame.inside);
  const chosen = entries.filter(([, below]) => below.chosen).map(([name]) => frame.is_list ? Number(name) : name);
  const inner = entries.filter(([, below]) => Object.keys(below.inside).length > 0);
  return {
    ...Object.fromEntries(inner.map(([name, below]) => [name, concealing(below, decoys)])),
    ...(chosen.length > 0 && {_sd: chosen, ...(decoys && {_sd_decoy: 2})})
  };
}

function showing({inside}) {
  const below = Object.entries(inside);
  return below.length === 0 ? true : Object.fromEntries(below.map(([name, frame]) => [name, showing(frame)]));
}

await main(import.meta.url, {issue, present, verify, to_json, from_json});
