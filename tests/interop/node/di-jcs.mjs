// Data Integrity with the Digital Bazaar packages: eddsa-jcs-2022 and ecdsa-jcs-2019 (P-256, P-384). No context is
// read: both suites sign the JSON. The key is a did:key.
//
// sign:   {document, crv | key, purpose?, challenge?, domain?, created?} -> {document, did, verificationMethod, key}
// verify: {document, purpose?, challenge?, domain?} -> {verified, proofs: [{verificationMethod, verified, error?}],
//         error?}; `verified` is true if one proof at least has the purpose and holds
import * as ecdsaJcs2019 from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {generateJwk, multikeyFromJwk, resolve} from './keys.mjs';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import jsigs from 'jsonld-signatures';
import {main} from './io.mjs';

const {AuthenticationProofPurpose, ControllerProofPurpose} = jsigs.purposes;
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
// With this context, and with it alone, the packages read a DID document without JSON-LD.
const DID = 'https://www.w3.org/ns/did/v1';

export async function sign({document, crv, key, purpose, challenge, domain, created}) {
  key ??= await generateJwk(crv);
  const {did, id, key: keyPair} = await multikeyFromJwk(key);
  const presentation = [document.type].flat().includes('VerifiablePresentation');
  // The party that signs, unless the document already says who that is.
  const named = {[presentation ? 'holder' : 'issuer']: did, ...document};
  const {createSignCryptosuite} = key.crv === 'Ed25519' ? eddsaJcs2022 : ecdsaJcs2019;
  const suite = new DataIntegrityProof({
    signer: {...keyPair.signer(), id}, date: created, cryptosuite: createSignCryptosuite()
  });
  const signed = await jsigs.sign(named, {
    suite, purpose: proofPurpose({document, purpose, challenge, domain}), documentLoader: refuse
  });
  return {document: signed, did, verificationMethod: id, key};
}

export async function verify({document, purpose, challenge, domain}) {
  const suite = [eddsaJcs2022, ecdsaJcs2019].map(
    ({createVerifyCryptosuite}) => new DataIntegrityProof({cryptosuite: createVerifyCryptosuite()}));
  const {verified, results = [], error} = await jsigs.verify(document, {
    suite, purpose: proofPurpose({document, purpose, challenge, domain}), documentLoader: load
  });
  const proofs = results.map(({proof, verified, error}) => (
    {verificationMethod: proof.verificationMethod, verified, ...said(error)}));
  return {verified, proofs, ...said(error)};
}

function proofPurpose({document, purpose, challenge, domain}) {
  const presentation = [document.type].flat().includes('VerifiablePresentation');
  purpose ??= presentation && challenge !== undefined ? 'authentication' : 'assertionMethod';
  return purpose === 'authentication' ?
    new AuthenticationProofPurpose({challenge, domain}) :
    new ControllerProofPurpose({term: purpose});
}

// A verification method, or the document of its DID, which lists the one key under both relationships.
async function load(url) {
  const [controller] = url.split('#');
  const id = url === controller ? soleMethod(controller) : url;
  const {publicKeyJwk} = await resolve(id);
  const {publicKeyMultibase} = (await multikeyFromJwk(publicKeyJwk)).key;
  const document = url === controller ?
    {'@context': DID, id: controller, assertionMethod: [id], authentication: [id]} :
    {'@context': MULTIKEY, id, type: 'Multikey', controller, publicKeyMultibase};
  return {contextUrl: null, documentUrl: url, document};
}

function soleMethod(did) {
  return did.startsWith('did:jwk:') ? `${did}#0` : `${did}#${did.slice('did:key:'.length)}`;
}

async function refuse(url) {
  throw new Error(`Nothing is fetched: ${url}`);
}

function said(error) {
  if(!error) {
    return {};
  }
  const causes = [error.errors ?? error].flat(Infinity);
  return {error: causes.map(cause => cause.message ?? String(cause)).join('; ')};
}

await main(import.meta.url, {sign, verify});
