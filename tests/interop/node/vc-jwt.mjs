// VC-JOSE-COSE with jose: credentials as vc+jwt, presentations as vp+jwt. The key is a did:jwk.
//
// sign:   {document, crv | key, alg?, audience?, nonce?, header?, claims?} -> {jwt, did, verificationMethod, key}
// verify: {jwt, audience?, nonce?, now?} -> {verified: true, header, payload} or {verified: false, error}
import * as jose from 'jose';
import {didJwk, generateJwk, joseAlgorithm, resolve} from './keys.mjs';
import {main} from './io.mjs';

export async function sign({document, crv, key, alg, audience, nonce, header = {}, claims = {}}) {
  key ??= await generateJwk(crv);
  const {did, id} = didJwk(key);
  const presentation = typesOf(document).includes('VerifiablePresentation');
  // The party that signs, unless the document already says who that is.
  const payload = {[presentation ? 'holder' : 'issuer']: did, ...document, ...claims};
  if(audience !== undefined) {
    payload.aud = audience;
  }
  if(nonce !== undefined) {
    payload.nonce = nonce;
  }
  const kind = presentation ? 'vp' : 'vc';
  alg ??= joseAlgorithm(key);
  const jwt = await new jose.SignJWT(payload)
    .setProtectedHeader({alg, typ: `${kind}+jwt`, cty: kind, kid: id, ...header})
    .sign(await jose.importJWK(key, alg));
  return {jwt, did, verificationMethod: id, key};
}

export async function verify({jwt, audience, nonce, now}) {
  try {
    const {kid, alg} = jose.decodeProtectedHeader(jwt);
    const {publicKeyJwk} = await resolve(kid);
    const algorithms = alg === 'EdDSA' && publicKeyJwk.crv === 'Ed25519' ? ['EdDSA'] : [joseAlgorithm(publicKeyJwk)];
    const {payload, protectedHeader} = await jose.jwtVerify(jwt, await jose.importJWK(publicKeyJwk, alg), {
      algorithms,
      audience,
      currentDate: now === undefined ? undefined : new Date(now)
    });
    const presentation = typesOf(payload).includes('VerifiablePresentation');
    expect(protectedHeader.typ, presentation ? 'vp+jwt' : 'vc+jwt', 'typ');
    if(nonce !== undefined) {
      expect(payload.nonce, nonce, 'nonce');
    }
    return {verified: true, header: protectedHeader, payload};
  } catch(error) {
    return {verified: false, error: String(error)};
  }
}

function expect(found, expected, what) {
  if(found !== expected) {
    throw new Error(`${what} is not as expected`);
  }
}

function typesOf({type}) {
  return [type].flat();
}

await main(import.meta.url, {sign, verify});
