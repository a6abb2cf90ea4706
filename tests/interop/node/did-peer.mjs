// did:peer, form 2, with the package @aviarytech/did-peer, which Veramo uses.
//
// create:  {authentication: [multikey], keyAgreement: [multikey], services} -> {did}
// resolve: {did} -> {document} or {refused}
import {create as createDid, resolve as resolveDid} from '@aviarytech/did-peer';
import {main} from './io.mjs';

export async function create({authentication, keyAgreement, services}) {
  const keys = (type, multikeys) => multikeys.map(publicKeyMultibase => ({type, publicKeyMultibase}));
  const signing = keys('Ed25519VerificationKey2020', authentication);
  return {did: await createDid(2, signing, keys('X25519KeyAgreementKey2020', keyAgreement), services)};
}

export async function resolve({did}) {
  try {
    return {document: await resolveDid(did)};
  } catch(error) {
    return {refused: String(error)};
  }
}

await main(import.meta.url, {create, resolve});
