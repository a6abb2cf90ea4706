// Data Integrity with the Digital Bazaar packages: eddsa-jcs-2022, ecdsa-jcs-2019, eddsa-rdfc-2022, ecdsa-rdfc-2019 (both
// of ecdsa with P-256 and P-384) and ecdsa-sd-2023. The key is a did:key. `contexts` holds, by URL, the JSON-LD contexts
// beside the published ones of the credentials; nothing is fetched. A document that has proofs gets one more.
//
// sign:   {document, cryptosuite, crv | key, contexts?, purpose?, challenge?, domain?, created?, mandatory?}
//         -> {document, did, verificationMethod, key} or {refused, did, verificationMethod, key}
// derive: {document, selective, contexts?} -> {document} or {refused}
// verify: {document, contexts?, purpose?, challenge?, domain?}
//         -> {verified, proofs: [{verificationMethod, verified, error?}], error?}; `verified` is true if one proof at
//         least has the purpose and holds
import * as ecdsaJcs2019 from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite';
import * as ecdsaSd2023 from '@digitalbazaar/ecdsa-sd-2023-cryptosuite';
import * as eddsaJcs2022 from '@digitalbazaar/eddsa-jcs-2022-cryptosuite';
import {cryptosuite as ecdsaRdfc2019} from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite';
import {cryptosuite as eddsaRdfc2022} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import {generateJwk, multikeyFromJwk, resolve} from './keys.mjs';
import {contexts as credentialsContexts} from '@digitalbazaar/credentials-context';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import jsigs from 'jsonld-signatures';
import {main} from './io.mjs';

const {AuthenticationProofPurpose, ControllerProofPurpose} = jsigs.purposes;
const MULTIKEY = 'https://w3id.org/security/multikey/v1';
// With this context, and with it alone, the packages read a DID document without JSON-LD.
const DID = 'https://www.w3.org/ns/did/v1';

const TO_SIGN = {
  'eddsa-jcs-2022': () => eddsaJcs2022.createSignCryptosuite(),
  'ecdsa-jcs-2019': () => ecdsaJcs2019.createSignCryptosuite(),
  'eddsa-rdfc-2022': () => eddsaRdfc2022,
  'ecdsa-rdfc-2019': () => ecdsaRdfc2019,
  'ecdsa-sd-2023': mandatoryPointers => ecdsaSd2023.createSignCryptosuite({mandatoryPointers})
};

const TO_VERIFY = {
  'eddsa-jcs-2022': eddsaJcs2022.createVerifyCryptosuite,
  'ecdsa-jcs-2019': ecdsaJcs2019.createVerifyCryptosuite,
  'eddsa-rdfc-2022': () => eddsaRdfc2022,
  'ecdsa-rdfc-2019': () => ecdsaRdfc2019,
  'ecdsa-sd-2023': ecdsaSd2023.createVerifyCryptosuite
};

export async function sign({
  document, cryptosuite, crv, key, contexts, purpose, challenge, domain, created, mandatory
}) {
  key ??= await generateJwk(crv);
  const {did, id, key: keyPair} = await multikeyFromJwk(key);
  const presentation = [document.type].flat().includes('VerifiablePresentation');
  // The party that signs, unless the document already says who that is.
  const named = {[presentation ? 'holder' : 'issuer']: did, ...document};
  const suite = new DataIntegrityProof({
    signer: {...keyPair.signer(), id}, date: created, cryptosuite: TO_SIGN[cryptosuite](mandatory)
  });
  const by = {did, verificationMethod: id, key};
  try {
    const signed = await jsigs.sign(named, {
      suite, purpose: proofPurpose({document, purpose, challenge, domain}), documentLoader: loader(contexts)
    });
    return {document: signed, ...by};
  } catch(error) {
    return {refused: said(error).error, ...by};
  }
}

export async function derive({document, selective, contexts}) {
  const suite = new DataIntegrityProof({
    cryptosuite: ecdsaSd2023.createDiscloseCryptosuite({selectivePointers: selective})
  });
  try {
    const derived = await jsigs.derive(document, {
      suite, purpose: proofPurpose({document}), documentLoader: loader(contexts)
    });
    return {document: derived};
  } catch(error) {
    return {refused: said(error).error};
  }
}

export async function verify({document, contexts, purpose, challenge, domain}) {
  const suite = Object.keys(TO_VERIFY).map(toVerify);
  const {verified, results = [], error} = await jsigs.verify(document, {
    suite, purpose: proofPurpose({document, purpose, challenge, domain}), documentLoader: loader(contexts)
  });
  const proofs = results.map(({proof, verified, error}) => (
    {verificationMethod: proof.verificationMethod, verified, ...said(error)}));
  return {verified, proofs, ...said(error)};
}

// What verifies proofs of that cryptosuite.
export function toVerify(cryptosuite) {
  return new DataIntegrityProof({cryptosuite: TO_VERIFY[cryptosuite]()});
}

// The documents of the key that a did:key or did:jwk URL names: its DID's, and its own.
export async function keyDocuments(id) {
  const urls = [id.split('#')[0], id];
  return Object.fromEntries(await Promise.all(urls.map(async url => [url, await keyDocument(url)])));
}

function proofPurpose({document, purpose, challenge, domain}) {
  const presentation = [document.type].flat().includes('VerifiablePresentation');
  purpose ??= presentation && challenge !== undefined ? 'authentication' : 'assertionMethod';
  return purpose === 'authentication' ?
    new AuthenticationProofPurpose({challenge, domain}) :
    new ControllerProofPurpose({term: purpose});
}

// A context; a verification method; or the document of its DID, which lists the one key under both relationships.
function loader(contexts = {}) {
  return async url => {
    const document = credentialsContexts.get(url) ?? contexts[url] ?? await keyDocument(url);
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function keyDocument(url) {
  const [controller] = url.split('#');
  const id = url === controller ? soleMethod(controller) : url;
  const {publicKeyJwk} = await resolve(id);
  const {publicKeyMultibase} = (await multikeyFromJwk(publicKeyJwk)).key;
  return url === controller ?
    {'@context': DID, id: controller, assertionMethod: [id], authentication: [id]} :
    {'@context': MULTIKEY, id, type: 'Multikey', controller, publicKeyMultibase};
}

function soleMethod(did) {
  return did.startsWith('did:jwk:') ? `${did}#0` : `${did}#${did.slice('did:key:'.length)}`;
}

function said(error) {
  if(!error) {
    return {};
  }
  const causes = [error.errors ?? error].flat(Infinity);
  const texts = causes.map(({message, details}) => [message, details?.event?.code].filter(Boolean).join(' '));
  return {error: texts.join('; ')};
}

await main(import.meta.url, {sign, derive, verify});
